import type { StoredAttempt } from "../../promotion/attempt.ts";
import { disturb } from "../attempt/steps.ts";
import { readRecordBook } from "../observe/record-book.ts";
import type { Work } from "../services.ts";

/**
 * We may have applied although the journal was no longer ours. While our successor is still at work it supersedes
 * us and applies everything; once it has recorded, the record may be wrong, and must be deployed again.
 */
export async function repairIfLate(work: Work, lost: StoredAttempt): Promise<void> {
  const { session } = work;
  const owner = { repository: session.target.repositoryId, environment: session.environment.name };
  const { refs, last } = await readRecordBook(session.git, session.environment, owner, 0);
  const successorRecorded = last !== undefined && last.object !== lost.attempt.base;
  if (!successorRecorded || refs.attempt === undefined || refs.attempt === lost.object) return;
  const push = await disturb(session.git, lost, last, refs.attempt);
  work.log.warn(
    { attempt: lost.attempt.owner, last: last.record.number, push },
    "applied late: asked for a repair",
  );
}
