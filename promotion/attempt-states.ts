import type { Attempt, StoredAttempt } from "./attempt.ts";
import type { ObjectId } from "./object-id.ts";
import type { StoredRecord } from "./record.ts";

/**
 * The states of an attempt: open → done (a record was written), open → failed. Both are ends: whatever is tried next is
 * another attempt. A disturbed attempt is born failed.
 */
export function completed(attempt: Attempt, record: ObjectId): Attempt {
  return { ...whileOpen(attempt), result: "done", record };
}

export function failed(attempt: Attempt, { waits, ...failure }: Ending): Attempt {
  return { ...whileOpen(attempt), result: "failed", failure, ...(waits && { waits }) };
}

/** What went wrong, or why an attempt stopped and which plans wait. */
export type Ending = NonNullable<Attempt["failure"]> & Pick<Attempt, "waits">;

/**
 * The entry for an attempt that applied something although a later one was recorded meanwhile: what is recorded may not
 * be what is applied. It answers no head, so the rules owe a repair whatever the branch says, and no request, so that
 * one that the lost attempt was to answer is still owed an answer. `unfinished`: what the journal held until now, if
 * that was no record: whoever goes on closes what it left open.
 */
export function disturbed(
  lost: StoredAttempt,
  last: StoredRecord,
  unfinished: ObjectId | undefined,
): Attempt {
  return {
    ...lost.attempt,
    commit: last.record.commit,
    base: last.object,
    head: undefined,
    event: undefined,
    requestedBy: undefined,
    waits: undefined,
    kind: "redeploy",
    supersedes: unfinished ?? lost.object,
    result: "failed",
    failure: {
      code: "applied-late",
      message: "An earlier attempt was still applying when this record was written.",
      next: "Nothing to do: Waymark deploys the record again.",
    },
  };
}

function whileOpen(attempt: Attempt): Attempt {
  if (attempt.result !== "open") throw new TypeError(`an attempt that is ${attempt.result} has ended`);
  return attempt;
}
