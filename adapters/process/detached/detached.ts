import { setTimeout as delay } from "node:timers/promises";
import { claimStop, type ProcessDirectory, readExit, readIdentity, readProgramPid } from "./directory.ts";
import { type Exit, lookInterval } from "./end.ts";
import { isAlive, isInSession } from "./identity.ts";

/** A process that lives on without the worker: started by it, or adopted from an earlier one. */
export interface DetachedProcess {
  /** Its standard output and error, files that grow while it runs. */
  readonly directory: ProcessDirectory;
  /** Never rejects. */
  readonly exited: Promise<Exit>;
  /** One SIGTERM to the program itself in its whole life, however often and by whomever this is called. */
  stop(): Promise<void>;
}

/** Sends the one SIGTERM. Does nothing when the process has ended. */
export async function stopOnce(directory: ProcessDirectory): Promise<void> {
  const pid = await runningProgram(directory);
  if (pid === undefined || !(await claimStop(directory))) return;
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It ended between the look and the signal: that is what was wanted.
  }
}

/** The pid to signal, waiting for a process that is only just starting; undefined once it has ended. */
async function runningProgram(directory: ProcessDirectory): Promise<number | undefined> {
  for (;;) {
    if ((await readExit(directory)) !== undefined) return undefined;
    const leader = await readIdentity(directory);
    const pid = await readProgramPid(directory);
    if (leader && pid !== undefined && (await isInSession(pid, leader))) return pid;
    if (leader && !(await isAlive(leader))) return undefined;
    await delay(lookInterval);
  }
}
