import { type Attempt, isAnswer } from "./attempt.ts";
import { looksOnly } from "./mode.ts";
import type { ObjectId } from "./object-id.ts";
import type { StoredRecord } from "./record.ts";

/**
 * A person had it only look, and it has ended: it applied nothing, says nothing about the branch, and so leaves the
 * journal. One that the branch asked for stays there, or the same head would be looked at for ever.
 */
export function isToWithdraw(attempt: Attempt, last: StoredRecord | undefined): boolean {
  if (attempt.result !== "failed" || !looksOnly(attempt.mode)) return false;
  const looksAgain = attempt.requestedBy !== undefined && attempt.head === last?.record.branchHead;
  return isAnswer(attempt) || looksAgain;
}

/**
 * What the journal held before an attempt began; undefined: nothing. An attempt that found no journal supersedes its
 * base, one that found nothing unfinished supersedes nothing.
 */
export function journalBefore({ supersedes, base }: Attempt): ObjectId | undefined {
  if (supersedes === undefined) return base;
  return supersedes === base ? undefined : supersedes;
}
