import { expect, test } from "vitest";
import type { Command } from "../../../adapters/process/command.ts";
import { certificatePaths, childEnvironment } from "../../../adapters/process/environment.ts";
import { lastLines } from "../../../adapters/process/last-lines.ts";
import { run } from "../../../adapters/process/run.ts";

const failure = { code: "synth-failed", source: "user", message: "Synth failed", next: "Fix it." } as const;
const options = { timeout: 10_000, failure };

function shell(script: string): Command {
  return { file: "/bin/sh", args: ["-c", script], cwd: "/", env: { PATH: "/usr/bin:/bin" } };
}

test("a child that ends well gives its standard output", async () => {
  expect(await run(shell("echo out; echo err >&2"), options)).toBe("out");
});

test("a failure carries its code, the exit code and the end of the output, without colours", async () => {
  const command = shell("printf '\\033[31mred\\033[0m\\n'; exit 4");
  await expect(run(command, options)).rejects.toMatchObject({
    code: "synth-failed",
    source: "user",
    message: "Synth failed: it ended with exit code 4.\nred",
  });
});

test("a missing program is named", async () => {
  const command = { ...shell(""), file: "/nonexistent/npm" };
  await expect(run(command, options)).rejects.toThrow(/nonexistent\/npm/);
});

test("a child that takes too long is stopped", async () => {
  const command = { ...shell(""), file: "sleep", args: ["60"] };
  await expect(run(command, { timeout: 50, failure })).rejects.toThrow(/stopped after/);
});

test("a child is stopped on request", async () => {
  const command = { ...shell(""), file: "sleep", args: ["60"] };
  const signal = AbortSignal.abort();
  await expect(run(command, { ...options, signal })).rejects.toThrow(/on request/);
});

test("a child that never stops printing is stopped", async () => {
  await expect(run(shell("exec yes"), options)).rejects.toThrow(/more than 4 MiB/);
});

test("a child's environment is an allow-list", () => {
  const source = {
    PATH: "/bin",
    LANG: "C",
    SECRET: "x",
    NODE_OPTIONS: "y",
    HTTPS_PROXY: "p",
    SSL_CERT_FILE: "/c",
  };
  const scratch = { home: "/h", temporary: "/t" };
  const offline = childEnvironment(source, { ...scratch, network: false });
  expect(Object.keys(offline).sort()).toEqual(["HOME", "LANG", "PATH", "TMPDIR"]);
  const online = childEnvironment(source, { ...scratch, network: true });
  expect(Object.keys(online).sort()).toEqual([
    "HOME",
    "HTTPS_PROXY",
    "LANG",
    "PATH",
    "SSL_CERT_FILE",
    "TMPDIR",
  ]);
  expect(certificatePaths(source)).toEqual(["/c"]);
});

test("a long output is cut to its end", () => {
  const output = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
  expect(lastLines(output, 2)).toBe("line 98\nline 99");
  expect(lastLines("x".repeat(9000))).toHaveLength(3000);
});
