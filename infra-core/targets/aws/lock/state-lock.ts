import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { WaymarkError } from "../../../../promotion/failure.ts";
import type { LockInfo, LockObject } from "./lock-object.ts";
import { isRunId, type RunNote, runNote } from "./run-note.ts";

export interface LockOptions {
  readonly lock: LockObject;
  /** Absolute. Where this machine keeps what it knows of its own runs. */
  readonly directory: string;
  /** What it is for, as Terraform's verb: `apply`. */
  readonly operation: string;
  /** Milliseconds that another's lock is waited for. */
  readonly patience: number;
  report(line: string): void;
  /** Aborted: no lock is waited for any more. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at another's lock. */
const interval = 500;

/**
 * Does something that changes a core stack's state, under the state's lock, and gives it the place for the directory of
 * its process. Terraform would give its lock an id that nobody knows once it was killed; of this one the machine that
 * took it can tell that its run is over, and then the next run takes it over.
 * Errors: `core-locked` (user), those of the work, and S3's.
 */
export async function withLock<Result>(
  options: LockOptions,
  work: (process: string) => Promise<Result>,
): Promise<Result> {
  const ID = randomUUID();
  const note = runNote(options.directory, ID);
  const Who = `${userInfo().username}@${hostname()}`;
  await note.write();
  try {
    await take({ ID, Who, Operation: options.operation, Created: new Date().toISOString() }, options);
    return await work(note.process);
  } finally {
    if (await isGivenBack(ID, options)) await note.forget();
  }
}

async function take(info: LockInfo, options: LockOptions): Promise<void> {
  const { lock, directory, patience, signal, report } = options;
  const end = Date.now() + patience;
  let told = "";
  while (!(await lock.create(info))) {
    const held = await lock.read();
    if (held === undefined) continue;
    // The answer to the first try was lost, and S3's client has asked again.
    if (held.info.ID === info.ID) return;
    if (held.info.ID !== told) report(`waiting for the ${held.info.Operation} of ${holderOf(held.info)}`);
    told = held.info.ID;
    const earlier = noteOf(held.info, info.Who, directory);
    if (await earlier?.isOver()) {
      if (!(await lock.replace(held.etag, info))) continue;
      await earlier?.forget();
      return report("its command was killed, and it is over: its lock is taken over");
    }
    if (Date.now() >= end) throw locked(held.info, lock);
    await delay(interval, undefined, { signal });
  }
}

/** As Terraform does it: only a lock that is still this one. While this command lives, nobody takes it over. */
async function isGivenBack(id: string, { lock, report }: LockOptions): Promise<boolean> {
  try {
    if ((await lock.read())?.info.ID === id) await lock.remove();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(`${lock.address} could not be removed, the next run does that: ${reason}`);
    return false;
  }
}

/** The note of the run that holds a lock, if it is one of this machine. */
function noteOf(held: LockInfo, who: string, directory: string): RunNote | undefined {
  // The same directory may be mounted elsewhere, where other processes have its numbers.
  return held.Who === who && isRunId(held.ID) ? runNote(directory, held.ID) : undefined;
}

const holderOf = ({ Who, Created }: LockInfo): string =>
  `${Who || "somebody"}, since ${Created || "unknown"}`;

const locked = (info: LockInfo, { address }: LockObject): WaymarkError =>
  new WaymarkError({
    code: "core-locked",
    source: "user",
    class: "lock",
    message: `The state is locked by the ${info.Operation || "work"} of ${holderOf(info)}.`,
    next: `Wait until it is over. If you are sure that nothing of it runs any more: aws s3 rm ${address}`,
  });
