import { mkdir, rm } from "node:fs/promises";
import { run } from "./run.ts";

/**
 * Removes a directory that hostile code may have filled: with folders that are closed to us, or that lie deeper than any
 * path can say. Errors: `not-removed` (service).
 */
export async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true }).catch(async () => {
    await runTool("chmod", ["-R", "u+rwX", "--", directory]);
    await runTool("rm", ["-rf", "--", directory]);
  });
}

/** Leaves a private directory with nothing in it. */
export async function emptyTree(directory: string): Promise<void> {
  await removeTree(directory);
  await mkdir(directory, { mode: 0o700 });
}

/** These walk from folder to folder, and need no path that holds them all. */
async function runTool(file: string, args: readonly string[]): Promise<void> {
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C" };
  await run({ file, args, cwd: "/", env }, { timeout: 10 * 60_000, failure });
}

const failure = {
  code: "not-removed",
  source: "service",
  class: "configuration",
  message: "What a deployment left behind can't be removed",
  next: "Remove the directory named above as the user that runs the worker, or as root.",
} as const;
