import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import type { Command } from "../../../adapters/process/command.ts";
import { adoptDetached } from "../../../adapters/process/detached/adopt.ts";
import { startDetached } from "../../../adapters/process/detached/start.ts";
import { freshDirectory } from "../../support/directory.ts";

let directory: string;

beforeEach(async () => {
  directory = await freshDirectory();
});

/** A program that runs until the file `go` appears, then ends with the given code. */
function untilGo(code: number): Command {
  const script = `echo started; trap 'echo stopped; exit 7' TERM; while [ ! -f go ]; do sleep 0.02; done; echo done; exit ${code}`;
  return shell(script);
}

function shell(script: string): Command {
  return {
    file: "/bin/sh",
    args: ["-c", script],
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", ONLY: "this" },
  };
}

const go = () => writeFile(join(directory, "go"), "");

async function hasStarted(stdout: string): Promise<void> {
  await vi.waitFor(async () => expect(await readFile(stdout, "utf8")).toContain("started"), {
    timeout: 20_000,
  });
}

test("a process ends with its own exit code, its output in files", async () => {
  const process = await startDetached(shell("echo out; echo err >&2; exit 3"), join(directory, "p"));
  expect(await process.exited).toEqual({ kind: "exited", code: 3 });
  expect(await readFile(process.directory.stdout, "utf8")).toBe("out\n");
  expect(await readFile(process.directory.stderr, "utf8")).toBe("err\n");
});

test("a child sees the given environment and nothing else of the worker's", async () => {
  const process = await startDetached(shell("env"), join(directory, "p"));
  await process.exited;
  const names = (await readFile(process.directory.stdout, "utf8"))
    .split("\n")
    .map((line) => line.split("=")[0]);
  expect(names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_", ""].includes(name ?? "")).sort()).toEqual([
    "ONLY",
    "PATH",
  ]);
});

test("a missing program ends with 127", async () => {
  const command = { ...shell(""), file: "/nonexistent/terraform" };
  const process = await startDetached(command, join(directory, "p"));
  expect(await process.exited).toEqual({ kind: "exited", code: 127 });
});

test("the end of a program is heard however soon it comes", async () => {
  for (let index = 0; index < 30; index += 1) {
    const process = await startDetached(
      { ...shell(""), file: "true", args: [] },
      join(directory, `p${index}`),
    );
    expect(await process.exited).toEqual({ kind: "exited", code: 0 });
  }
});

test("an argument is never read by a shell", async () => {
  const command = { ...shell(""), file: "/bin/echo", args: ["$(id)", "`id`", "a b", "*"] };
  const process = await startDetached(command, join(directory, "p"));
  await process.exited;
  expect(await readFile(process.directory.stdout, "utf8")).toBe("$(id) `id` a b *\n");
});

test("stop sends the program one SIGTERM, however often it is asked, and the exit is the program's own", async () => {
  const process = await startDetached(untilGo(0), join(directory, "p"));
  await hasStarted(process.directory.stdout);
  await Promise.all([process.stop(), process.stop()]);
  expect(await process.exited).toEqual({ kind: "exited", code: 7 });
  expect(await readFile(process.directory.stdout, "utf8")).toBe("started\nstopped\n");
  await process.stop();
});

test("a second worker adopts a running process and learns its exit", async () => {
  const started = await startDetached(untilGo(5), join(directory, "p"));
  await hasStarted(started.directory.stdout);
  const adopted = await adoptDetached(join(directory, "p"));
  await go();
  expect(await adopted.exited).toEqual({ kind: "exited", code: 5 });
});

test("a process that ended long ago is adopted with its exit", async () => {
  const started = await startDetached(shell("exit 4"), join(directory, "p"));
  await started.exited;
  const adopted = await adoptDetached(join(directory, "p"));
  expect(await adopted.exited).toEqual({ kind: "exited", code: 4 });
});

test("an adopted directory without a process stays without one", async () => {
  await mkdir(join(directory, "p"));
  const adopted = await adoptDetached(join(directory, "p"));
  expect(await adopted.exited).toEqual({ kind: "never-started" });
  const late = await startLate(join(directory, "p"));
  expect(late).toBe(125);
});

/** What a worker that was paused just before its start does when it goes on. */
async function startLate(path: string): Promise<number | null> {
  const { wrapper } = await import("../../../adapters/process/detached/wrapper.ts");
  const args = ["-c", wrapper, "waymark", path, join(path, "info"), "/bin/sh", "-c", "exit 0"];
  const child = spawn("/bin/sh", args, { stdio: "ignore" });
  await once(child, "exit");
  return child.exitCode;
}

test("the wrapper outlives a SIGTERM and still writes the program's exit", async () => {
  const started = await startDetached(untilGo(6), join(directory, "p"));
  await hasStarted(started.directory.stdout);
  process.kill(await wrapperPid(), "SIGTERM");
  await go();
  expect(await started.exited).toEqual({ kind: "exited", code: 6 });
});

test("when the wrapper is killed the end is unknown, and not told before the program is gone", async () => {
  const started = await startDetached(untilGo(0), join(directory, "p"));
  await hasStarted(started.directory.stdout);
  process.kill(await wrapperPid(), "SIGKILL");
  const output = started.exited.then(async (exit) => [
    exit,
    await readFile(started.directory.stdout, "utf8"),
  ]);
  await go();
  expect(await output).toEqual([{ kind: "unknown" }, "started\ndone\n"]);
});

async function wrapperPid(): Promise<number> {
  return Number((await readFile(join(directory, "p", "process"), "utf8")).split("\n")[0]);
}

test("a process survives the death of the worker that started it", async () => {
  const script = `
    const { startDetached } = await import(process.argv[1]);
    const env = { PATH: process.env.PATH };
    const args = ["-c", "echo started; while [ ! -f go ]; do sleep 0.02; done; exit 9"];
    await startDetached({ file: "/bin/sh", args, cwd: process.argv[2], env }, process.argv[2] + "/p");
  `;
  const module = new URL("../../../adapters/process/detached/start.ts", import.meta.url).href;
  const worker = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", script, module, directory],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  await hasStarted(join(directory, "p", "stdout"));
  worker.kill("SIGKILL");
  await once(worker, "exit");
  const adopted = await adoptDetached(join(directory, "p"));
  await go();
  expect(await adopted.exited).toEqual({ kind: "exited", code: 9 });
});
