import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessIdentity, parseIdentity } from "./identity.ts";

/**
 * The directory of one detached process: all that a later worker needs to find it again.
 * `process` (wrapper), `child` and `info` (program), `exit`, `stopped`, `stdout`, `stderr`.
 */
export interface ProcessDirectory {
  readonly path: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly info: string;
}

export function processDirectory(path: string): ProcessDirectory {
  return { path, stdout: join(path, "stdout"), stderr: join(path, "stderr"), info: join(path, "info") };
}

/** The exit code, or undefined while there is none: the line counts only with its line break. */
export async function readExit(directory: ProcessDirectory): Promise<number | undefined> {
  const text = await readText(join(directory.path, "exit"));
  return /^[0-9]+\n$/.test(text) ? Number(text) : undefined;
}

/** The wrapper's identity, or undefined while it is not (or will never be) written. */
export async function readIdentity(directory: ProcessDirectory): Promise<ProcessIdentity | undefined> {
  return parseIdentity(await readText(join(directory.path, "process")));
}

/** The pid of the program itself, undefined while it is not known: inside a sandbox if there is one, else the child. */
export async function readProgramPid(directory: ProcessDirectory): Promise<number | undefined> {
  const info = await readFile(directory.info, "utf8").catch(() => undefined);
  const child = await readText(join(directory.path, "child"));
  const match = info === undefined ? /^([0-9]+)\n$/.exec(child) : /"child-pid": *([0-9]+)/.exec(info);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

const adopted = "adopted\n";

/** Takes the place of a wrapper that never came to life, which from then on never will. Too late: no effect. */
export async function claim(directory: ProcessDirectory): Promise<void> {
  await createOnce(join(directory.path, "process"), adopted);
}

export async function isClaimed(directory: ProcessDirectory): Promise<boolean> {
  return (await readText(join(directory.path, "process"))) === adopted;
}

/** True for the first caller ever, in whichever worker: a second SIGTERM would make Terraform lose state. */
export async function claimStop(directory: ProcessDirectory): Promise<boolean> {
  return await createOnce(join(directory.path, "stopped"), "");
}

async function createOnce(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch(() => "");
}
