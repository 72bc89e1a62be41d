import type { Attempt } from "./attempt.ts";
import type { RunOptions } from "./mode.ts";
import type { ObjectId } from "./object-id.ts";
import type { GoAhead, Journal } from "./observation.ts";
import { asksSomebody, stopOf } from "./stop.ts";

/** The attempt that failed to answer this very head; only a person or the branch can move on from it. */
export function failedAttempt(head: ObjectId | undefined, journal: Journal): Attempt | undefined {
  if (journal.state !== "written") return undefined;
  const { attempt } = journal;
  return attempt.result === "failed" && attempt.head === head ? attempt : undefined;
}

/** The attempt in the journal that waits for somebody's word, as long as it answers the present head. */
export function waitingAttempt(head: ObjectId | undefined, journal: Journal): Attempt | undefined {
  const failed = failedAttempt(head, journal);
  const stop = failed && stopOf(failed);
  return stop && asksSomebody(stop) ? failed : undefined;
}

/** What an attempt that goes on by somebody's word takes over from the one that stopped, and what the word adds. */
export interface Continuation extends RunOptions {
  readonly event?: string | undefined;
  readonly requestedBy?: string | undefined;
  readonly approvedBy?: string | undefined;
}

/**
 * An approval adds the plans that waited to those that may be applied; whoever resumes an attempt has looked at what is
 * not known, and from then on it is an attempt that a person asked for.
 */
export function continuationOf(stopped: Attempt, { by }: GoAhead): Continuation {
  const { mode, force, scope, event, requestedBy, approved = [], approvedBy, waits = [] } = stopped;
  const same = { mode, force, scope, event, requestedBy, approved, approvedBy };
  if (stopped.failure?.code === "end-unknown") return { ...same, requestedBy: by };
  return { ...same, approved: [...new Set([...waits, ...approved])], approvedBy: by };
}
