import type { StoredAttempt } from "../../promotion/attempt.ts";
import { disturb } from "../attempt/steps.ts";
import { readRecordBook } from "../observe/record-book.ts";
import type { Turn, Work } from "../services.ts";
import { pushRefused } from "./refused-push.ts";

/** How often the journal may move away while we write into it. */
const maximumTries = 5;

/**
 * We may have applied although the journal was no longer ours. While our successor is still at work it supersedes
 * us and applies everything, so it must be left alone; once it has recorded, the record may be wrong, and must be
 * deployed again. Where the journal is still ours, something else moved: look again.
 */
export async function repairIfLate(work: Work, lost: StoredAttempt): Promise<Turn> {
  const { session } = work;
  const owner = { repository: session.target.repositoryId, environment: session.environment.name };
  for (let tries = 0; tries < maximumTries; tries += 1) {
    const { refs, last } = await readRecordBook(session.git, session.environment, owner, undefined);
    if (refs.attempt === undefined || refs.attempt === lost.object) return "again";
    if (last === undefined || last.object === lost.attempt.base) return await leaveToSuccessor(work);
    const push = await disturb(session.git, lost, last, refs.attempt);
    work.log.warn({ attempt: lost.attempt.owner, last: last.record.number, push }, "applied late");
    if (push.moved) return "again";
    if (push.why === "refused") throw pushRefused(push);
  }
  return await leaveToSuccessor(work);
}

/** The successor goes on. Afterwards somebody looks at the check runs: we may have reported after its last word. */
export async function leaveToSuccessor({ session, services }: Work): Promise<Turn> {
  await services.queues.wake(session.target, { deep: true });
  return "leave";
}
