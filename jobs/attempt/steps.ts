import type { PushResult, RefUpdate } from "../../adapters/git/push.ts";
import type { Repository } from "../../adapters/git/repository.ts";
import { type Attempt, formatAttempt, type StoredAttempt } from "../../promotion/attempt.ts";
import { completed, disturbed, type Ending, failed } from "../../promotion/attempt-states.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { type DeploymentRecord, formatRecord, type StoredRecord } from "../../promotion/record.ts";
import { attemptRef, currentRef, recordRef, tagName } from "../../promotion/ref.ts";

/** Writing tag objects and moving refs: all that the life of an attempt needs of a remote. */
export type Ledger = Pick<Repository, "writeTag" | "pushRefs">;

/** Stores an attempt's tag object. Its name never changes, so it can be written before any ref moves. */
export async function storeAttempt(ledger: Ledger, attempt: Attempt): Promise<StoredAttempt> {
  const name = tagName(attemptRef(attempt.environment));
  const object = await ledger.writeTag({ name, commit: attempt.commit, message: formatAttempt(attempt) });
  return { object, attempt };
}

export async function storeRecord(ledger: Ledger, record: DeploymentRecord): Promise<StoredRecord> {
  const name = tagName(recordRef(record.environment, record.number));
  const object = await ledger.writeTag({ name, commit: record.commit, message: formatRecord(record) });
  return { object, record };
}

/** Begin: the attempt is in the journal before anything of it can be seen. Also proves that we may push. */
export async function begin(
  ledger: Ledger,
  { object, attempt }: StoredAttempt,
  journalHolds: ObjectId | undefined,
): Promise<PushResult> {
  const ref = attemptRef(attempt.environment);
  return await ledger.pushRefs([{ ref, expected: journalHolds, target: object }]);
}

/** Record: number, current and journal move together, or not at all. */
export async function record(
  ledger: Ledger,
  open: StoredAttempt,
  deployed: DeploymentRecord,
  currentHolds: ObjectId | undefined,
): Promise<{ record: StoredRecord; done: StoredAttempt; push: PushResult }> {
  const stored = await storeRecord(ledger, deployed);
  const done = await storeAttempt(ledger, completed(open.attempt, stored.object));
  const { environment, number } = deployed;
  const push = await ledger.pushRefs([
    { ref: recordRef(environment, number), expected: undefined, target: stored.object },
    { ref: currentRef(environment), expected: currentHolds, target: stored.object },
    { ref: attemptRef(environment), expected: open.object, target: done.object },
  ]);
  return { record: stored, done, push };
}

/** Fail: journaled, and, where the attempt answered a request, `current` goes back in the same push. */
export async function fail(
  ledger: Ledger,
  open: StoredAttempt,
  ending: Ending,
  putBack: { readonly holds: ObjectId; readonly last: ObjectId | undefined } | undefined,
): Promise<{ failed: StoredAttempt; push: PushResult }> {
  const stored = await storeAttempt(ledger, failed(open.attempt, ending));
  const { environment } = open.attempt;
  const journal: RefUpdate = { ref: attemptRef(environment), expected: open.object, target: stored.object };
  const pointer: RefUpdate[] = putBack
    ? [{ ref: currentRef(environment), expected: putBack.holds, target: putBack.last }]
    : [];
  return { failed: stored, push: await ledger.pushRefs([journal, ...pointer]) };
}

/** Finish: everything about the record was said, so the journal points at it. */
export async function finish(ledger: Ledger, done: StoredAttempt, last: ObjectId): Promise<PushResult> {
  const ref = attemptRef(done.attempt.environment);
  return await ledger.pushRefs([{ ref, expected: done.object, target: last }]);
}

/** Withdraw: the journal holds again what it held before. */
export async function withdrawAttempt(
  ledger: Ledger,
  environment: string,
  holds: ObjectId,
  before: ObjectId | undefined,
): Promise<PushResult> {
  return await ledger.pushRefs([{ ref: attemptRef(environment), expected: holds, target: before }]);
}

/** Restore: `current` holds the latest record again (or nothing, when there is none). */
export async function restore(
  ledger: Ledger,
  environment: string,
  holds: ObjectId | undefined,
  last: ObjectId | undefined,
): Promise<PushResult> {
  return await ledger.pushRefs([{ ref: currentRef(environment), expected: holds, target: last }]);
}

/** A record's own tag holds the record again. */
export async function putBack(
  ledger: Ledger,
  ref: string,
  holds: ObjectId | undefined,
  last: ObjectId,
): Promise<PushResult> {
  return await ledger.pushRefs([{ ref, expected: holds, target: last }]);
}

/** Disturbed: we applied although a later attempt was recorded meanwhile; the journal asks for a repair. */
export async function disturb(
  ledger: Ledger,
  lost: StoredAttempt,
  last: StoredRecord,
  journalHolds: ObjectId | undefined,
): Promise<PushResult> {
  const unfinished = journalHolds === last.object ? undefined : journalHolds;
  const stored = await storeAttempt(ledger, disturbed(lost, last, unfinished));
  const ref = attemptRef(last.record.environment);
  return await ledger.pushRefs([{ ref, expected: journalHolds, target: stored.object }]);
}
