import { chmod, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { startDetached } from "../../../adapters/process/detached/start.ts";
import { run } from "../../../adapters/process/run.ts";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import type { ConfinedCommand, Mount, Sandbox } from "../../../adapters/sandbox/sandbox.ts";
import { freshDirectory } from "../../support/directory.ts";

const linux = process.platform === "linux";
const failure = { code: "failed", source: "user", message: "It failed", next: "Look." } as const;
const patience = { timeout: 20_000 };
let directory: string;

beforeEach(async () => {
  directory = await freshDirectory();
});

interface Inside {
  readonly script: string;
  readonly mounts?: readonly Mount[];
  readonly lifetime?: ConfinedCommand["lifetime"];
  readonly network?: boolean;
  readonly host?: string;
}

async function confined(sandbox: Sandbox, inside: Inside): Promise<ConfinedCommand> {
  const scratch = await sandbox.scratch(join(directory, "scratch"));
  return {
    file: "/bin/sh",
    args: ["-c", inside.script],
    cwd: "/",
    env: { PATH: process.env.PATH ?? "", HOME: scratch.home, TMPDIR: scratch.temporary },
    mounts: [...scratch.mounts, ...(inside.mounts ?? [])],
    network: inside.network ?? false,
    host: inside.host,
    lifetime: inside.lifetime ?? "worker",
  };
}

/** What the script prints, both lives of a confined program being started the way the worker does. */
async function output(sandbox: Sandbox, inside: Inside): Promise<string> {
  const command = sandbox.wrap(await confined(sandbox, inside));
  if (inside.lifetime !== "own") return await run(command, { timeout: 10_000, failure });
  const started = await startDetached(command, join(directory, `process-${Math.random()}`));
  expect(await started.exited).toEqual({ kind: "exited", code: 0 });
  return (await readFile(started.directory.stdout, "utf8")).trimEnd();
}

const required = () => detectSandbox("required");

test("off and an absent bubblewrap give no sandbox, and the reason", async () => {
  expect(await detectSandbox("off")).toMatchObject({ kind: "none", reason: expect.stringContaining("off") });
  const missing = await detectSandbox("auto", join(directory, "bwrap"));
  expect(missing).toMatchObject({ kind: "none", reason: expect.stringContaining("bubblewrap") });
});

test("a bubblewrap that may not make namespaces gives no sandbox, and its own words as the reason", async () => {
  const file = join(directory, "bwrap");
  await writeFile(file, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n");
  await chmod(file, 0o755);
  const sandbox = await detectSandbox("auto", file);
  expect(sandbox.reason).toContain("No permissions to create new namespace");
});

test("required without one is an error that says what to do", async () => {
  await expect(detectSandbox("required", join(directory, "bwrap"))).rejects.toMatchObject({
    code: "sandbox-unavailable",
    source: "service",
    next: expect.stringContaining("Install bubblewrap"),
  });
});

test("without a sandbox a program runs as it is, with a home of its own", async () => {
  const sandbox = await detectSandbox("off");
  const home = await output(sandbox, { script: 'echo "$HOME"; test -d "$HOME"' });
  expect(home).toBe(join(directory, "scratch", "home"));
});

test.runIf(linux).each(["worker", "own"] as const)(
  "confined (%s): only what is mounted can be seen",
  async (lifetime) => {
    const [open, secret] = [join(directory, "open"), join(directory, "secret")];
    await mkdir(open);
    await mkdir(secret);
    await writeFile(join(open, "file"), "hello");
    await writeFile(join(secret, "key"), "PRIVATE");
    const script = `cat ${open}/file; ls ${directory}; ls /home/* /etc/shadow /var /usr/src 2>&1 | grep -v 'No such' || true`;
    const shown = await output(await required(), {
      script,
      lifetime,
      mounts: [{ path: open, writable: false }],
    });
    expect(shown).toBe("helloopen\n/home/waymark:");
  },
);

test.runIf(linux).each(["worker", "own"] as const)(
  "confined (%s): the worker's environment can't be read",
  async (lifetime) => {
    const script = `cat /proc/${process.pid}/environ 2>&1; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'`;
    process.env.WAYMARK_TEST_SECRET = "hunter2-hunter2";
    const shown = await output(await required(), { script: `${script}; true`, lifetime });
    delete process.env.WAYMARK_TEST_SECRET;
    expect(shown).not.toContain("hunter2");
    expect(shown).toMatch(/Permission denied|No such file/);
  },
);

test.runIf(linux).each([
  ["worker", ["ipc", "net", "pid", "user", "uts"]],
  ["own", ["ipc", "net", "user", "uts"]],
] as const)(
  "confined (%s): its namespaces are its own, and it has no capabilities",
  async (lifetime, own) => {
    const script =
      "cd /proc/self/ns; for name in ipc net pid user uts; do readlink $name; done; grep CapEff ../status";
    const lines = (await output(await required(), { script, lifetime })).split("\n");
    expect(lines.pop()).toMatch(/CapEff:\s+0+$/);
    const names = ["ipc", "net", "pid", "user", "uts"];
    const shared = await Promise.all(names.map((name) => readlink(`/proc/self/ns/${name}`)));
    expect(names.filter((_, index) => lines[index] !== shared[index])).toEqual([...own]);
  },
);

test.runIf(linux)("confined: the machine has the name that it is given, and else its own", async () => {
  const sandbox = await required();
  const script = "uname -n";
  expect(await output(sandbox, { script, host: "waymark-1" })).toBe("waymark-1");
  expect(await output(sandbox, { script, lifetime: "own" })).toBe(hostname());
});

test.runIf(linux)("confined: a read-only mount can't be written, nor made writable", async () => {
  const script = `echo x > ${directory}/file || echo refused; mount -o remount,bind,rw ${directory} || echo refused`;
  const mounts = [{ path: directory, writable: false }];
  expect(await output(await required(), { script: `(${script}) 2>/dev/null`, mounts })).toBe(
    "refused\nrefused",
  );
});

test.runIf(linux)("confined: a mount appears where it is told, and what is written there stays", async () => {
  const sandbox = await required();
  const mount = { path: join(directory, "checkout"), as: "/workspace", writable: true };
  await mkdir(mount.path);
  expect(sandbox.place(mount)).toBe("/workspace");
  await output(sandbox, { script: "echo done > /workspace/file", mounts: [mount] });
  expect(await readFile(join(mount.path, "file"), "utf8")).toBe("done\n");
});

test.runIf(linux)("confined: the network is there only if asked for", async () => {
  const server = createServer((socket) => socket.end("hi")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const script = `node -e 'require("net").connect(${port},"127.0.0.1").on("data",d=>process.stdout.write(d)).on("error",e=>process.stdout.write(e.code))'`;
  const sandbox = await required();
  expect(await output(sandbox, { script })).toBe("ECONNREFUSED");
  expect(await output(sandbox, { script, network: true })).toBe("hi");
  expect(await output(sandbox, { script, network: true, lifetime: "own" })).toBe("hi");
  server.close();
});

test.runIf(linux)("confined: no value of the environment shows in an argument list", async () => {
  const command = await confined(await required(), { script: "true" });
  const wrapped = (await required()).wrap({ ...command, env: { ...command.env, TOKEN: "hunter2-hunter2" } });
  expect(wrapped.args.join(" ")).not.toContain("hunter2");
  expect(wrapped.env).toMatchObject({ TOKEN: "hunter2-hunter2" });
});

test.runIf(linux)("confined: what a bound program leaves running ends with it", async () => {
  const script = `sh -c 'sleep 60' ${directory} & echo gone`;
  expect(await output(await required(), { script })).toBe("gone");
  await expect.poll(() => commandLines(), patience).not.toContain(directory);
});

async function commandLines(): Promise<string> {
  const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).join("\n");
}

test.runIf(linux)(
  "confined with its own life: a SIGTERM reaches the program itself, not bubblewrap",
  async () => {
    const script = "trap 'echo caught; exit 0' TERM; echo ready; while :; do sleep 0.02; done";
    const command = await confined(await required(), { script, lifetime: "own" });
    const started = await startDetached((await required()).wrap(command), join(directory, "process"));
    await expect.poll(() => readFile(started.directory.stdout, "utf8"), patience).toContain("ready");
    await started.stop();
    expect(await started.exited).toEqual({ kind: "exited", code: 0 });
    expect(await readFile(started.directory.stdout, "utf8")).toBe("ready\ncaught\n");
  },
);

test.runIf(linux)(
  "confined with its own life: the program does not inherit the descriptor that tells its pid",
  async () => {
    const shown = await output(await required(), { script: "ls /proc/$$/fd", lifetime: "own" });
    expect(shown.split("\n")).not.toContain("3");
  },
);
