import { setTimeout as delay } from "node:timers/promises";
import { isClaimed, type ProcessDirectory, readExit, readIdentity, readProgramPid } from "./directory.ts";
import { isAlive, isInSession, type ProcessIdentity } from "./identity.ts";

/** How a detached process ended; `unknown` when it is gone without having written its exit code. */
export type Exit =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "unknown" }
  | { readonly kind: "never-started" };

/** How often a process is looked at that nobody can wait for, in milliseconds. */
export const lookInterval = 50;

/** Waits until the wrapper and its program are gone, and tells how they ended. Looks at once before it waits. */
export async function waitForEnd(directory: ProcessDirectory): Promise<Exit> {
  if (await isClaimed(directory)) return { kind: "never-started" };
  const leader = await waitForIdentity(directory);
  while (leader && (await readExit(directory)) === undefined && (await isAlive(leader))) {
    await delay(lookInterval);
  }
  const code = await readExit(directory);
  if (code !== undefined) return { kind: "exited", code };
  if (leader) await waitForProgram(directory, leader);
  return { kind: "unknown" };
}

/** Between claiming its file and writing it the wrapper needs microseconds, unless it is killed right there. */
async function waitForIdentity(directory: ProcessDirectory): Promise<ProcessIdentity | undefined> {
  for (let look = 0; look < 100; look += 1) {
    const identity = await readIdentity(directory);
    if (identity) return identity;
    await delay(lookInterval);
  }
  return undefined;
}

/** The wrapper is gone, but what it started may still be changing the world. */
async function waitForProgram(directory: ProcessDirectory, leader: ProcessIdentity): Promise<void> {
  const pid = await readProgramPid(directory);
  while (pid !== undefined && (await isInSession(pid, leader))) await delay(lookInterval);
}
