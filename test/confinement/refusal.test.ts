import { expect, test } from "vitest";
import { explainRefusal } from "../../adapters/sandbox/refusal.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import { confinementText } from "../../promotion/report/stacks.ts";

const sandbox = { kind: "bubblewrap", place: ({ path }: { path: string }) => path } as const;
const mounts = [{ path: "/srv/checkout", writable: true }];

function explained(message: string, network = false, kind: "bubblewrap" | "none" = "bubblewrap") {
  const error = new WaymarkError({ code: "synth-failed", source: "user", message, next: "Look." });
  return explainRefusal(error, { ...sandbox, kind }, { mounts, network });
}

test.each([
  ["Node", "Error: ENOENT: no such file or directory, open '/proc/7/environ'", "/proc/7/environ"],
  ["Node", "Error: EACCES: permission denied, open '/proc/7/environ'", "/proc/7/environ"],
  ["cat", "cat: /root/.aws/credentials: No such file or directory", "/root/.aws/credentials"],
  ["dash", "sh: 1: cannot create /srv/other/state: Read-only file system", "/srv/other/state"],
  ["ls", "ls: cannot open directory '/srv/state': Permission denied", "/srv/state"],
  ["Python", "FileNotFoundError: [Errno 2] No such file or directory: '/etc/passwords'", "/etc/passwords"],
])("what the sandbox hid is named as %s told it", (_, message, path) => {
  expect(explained(message)).toMatchObject({
    code: "sandbox-refused",
    message: expect.stringContaining(`reach ${path}.`),
    next: expect.stringContaining("variables"),
  });
});

test.each([
  "Error: ENOENT: no such file or directory, open '/srv/checkout/release.json'",
  "cat: /usr/share/nothing: No such file or directory",
  "cat: release.json: No such file or directory",
  "Error: spawn nothing ENOENT",
])("a mistake of the app's own stays one: %s", (message) => {
  expect(explained(message)).toMatchObject({ code: "synth-failed", message, next: "Look." });
});

test.each([
  "TypeError: fetch failed: connect ECONNREFUSED 127.0.0.1:6379",
  "connect ENETUNREACH 192.0.2.1:443",
  "getaddrinfo EAI_AGAIN registry.npmjs.org",
  "curl: (6) Could not resolve host: example.com",
])("that there is no network is said where there is none: %s", (message) => {
  expect(explained(message)).toMatchObject({ code: "sandbox-offline" });
  expect(explained(message, true).code).toBe("synth-failed");
});

test.each([
  "Synthesizing the app failed: spawn bwrap ENOENT",
  "Synthesizing the app failed: it ended with exit code 1.\nbwrap: No permissions to create new namespace",
  "init of stack a failed: waymark: 16: /usr/bin/bwrap: not found",
])("that the sandbox did not start is nothing the app's author can mend: %s", (message) => {
  expect(explained(message)).toMatchObject({ code: "sandbox-unavailable", source: "service" });
});

test("that the app's program is not there is not put down to the sandbox", () => {
  expect(explained("bwrap: execvp tsx: No such file or directory").code).toBe("synth-failed");
});

test("without a sandbox nothing is put down to it, and the check run says that there was none", () => {
  expect(explained("cat: /root/.aws/credentials: No such file or directory", false, "none").code).toBe(
    "synth-failed",
  );
  expect(confinementText("none")).toContain("without a sandbox");
  expect(confinementText("bubblewrap")).toContain("Ran in a sandbox");
});
