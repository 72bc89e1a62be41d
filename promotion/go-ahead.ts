import type { Attempt } from "./attempt.ts";
import type { RunOptions } from "./mode.ts";
import type { GoAhead } from "./observation.ts";

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
