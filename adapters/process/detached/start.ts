import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, writeFile } from "node:fs/promises";
import type { Command } from "../command.ts";
import { type DetachedProcess, stopOnce } from "./detached.ts";
import { type ProcessDirectory, processDirectory } from "./directory.ts";
import { type Exit, waitForEnd } from "./end.ts";
import { wrapper } from "./wrapper.ts";

/**
 * Starts a program in its own session, its output going straight to files: neither the worker's death nor a full pipe
 * can end it half-way. `path` must not exist yet; it becomes the process's directory.
 * Errors: those of the file system; a program that can't be started ends with code 126 or 127.
 */
export async function startDetached(command: Command, path: string): Promise<DetachedProcess> {
  await mkdir(path, { mode: 0o700 });
  const directory = processDirectory(path);
  const { ended } = await launch(command, directory);
  const exited = ended.then((started) => (started ? waitForEnd(directory) : neverStarted));
  return { directory, exited, stop: () => stopOnce(directory) };
}

const neverStarted: Exit = { kind: "never-started" };

/** As its parent we hear of the wrapper's end at once; the files still decide, as they do for everybody else. */
async function launch(command: Command, directory: ProcessDirectory): Promise<{ ended: Promise<boolean> }> {
  await using stdout = await open(directory.stdout, "wx", 0o600);
  await using stderr = await open(directory.stderr, "wx", 0o600);
  // Made before the start: while it is empty, the pid is still to come.
  if (command.announcesPid) await writeFile(directory.info, "", { mode: 0o600 });
  const info = command.announcesPid ? directory.info : "/dev/null";
  const args = ["-c", wrapper, "waymark", directory.path, info, command.file, ...command.args];
  const child = spawn("/bin/sh", args, {
    cwd: command.cwd,
    env: { ...command.env },
    detached: true,
    stdio: ["ignore", stdout.fd, stderr.fd],
  });
  // Listening must begin before anything is awaited: the files' closing takes longer than some programs live.
  return { ended: hear(child) };
}

/** Whether the wrapper ever ran, once it has ended. */
function hear(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("exit", () => resolve(true));
  });
}
