import type { StoredAttempt } from "../../promotion/attempt.ts";
import { looksOnly } from "../../promotion/mode.ts";
import { disturb } from "../attempt/steps.ts";
import { type RecordBook, readRecordBook } from "../observe/record-book.ts";
import { closeOwn } from "../reports/superseded.ts";
import type { Turn, Work } from "../services.ts";
import { pushRefused } from "./refused-push.ts";
import type { RunningAttempt } from "./running-attempt.ts";

/** How often the journal may move away while we write into it. */
const maximumTries = 5;

/**
 * Ends an attempt that may have lost the journal. Undefined: it is still ours. We may have applied all the same: while
 * our successor is at work it supersedes us and applies everything, so it must be left alone; once it has recorded, the
 * record may be wrong, and must be deployed again.
 */
export async function leaveIfLost(running: RunningAttempt, applied: boolean): Promise<Turn | undefined> {
  const { work, open, reporter } = running;
  let isSilent = false;
  for (let tries = 0; tries < maximumTries; tries += 1) {
    const book = await readBook(work);
    if (book.refs.attempt === open.object) {
      if (isSilent) return undefined;
      // What is reported after the journal was lost would stay open: so ask again once nothing more is reported.
      await reporter.leave();
      isSilent = true;
      continue;
    }
    const mayHaveApplied = applied && !looksOnly(open.attempt.mode);
    if (!mayHaveApplied || isLeftAlone(book, open)) return await leave(running, book);
    const repaired = await repair(work, open, book);
    if (repaired) return await leave(running, book);
  }
  return await leave(running, await readBook(work));
}

async function readBook({ session }: Work): Promise<RecordBook> {
  const owner = { repository: session.target.repositoryId, environment: session.environment.name };
  return await readRecordBook(session.git, session.environment, owner, undefined);
}

/**
 * Nothing was recorded since, and the journal does not claim that nothing is unfinished: somebody goes on, or will. One
 * that only looks supersedes nobody.
 */
function isLeftAlone({ journal, last }: RecordBook, { attempt }: StoredAttempt): boolean {
  if (last === undefined) return true;
  const other = journal.state === "written" ? journal.attempt : undefined;
  const isClosed = journal.state === "settled" || other?.result === "done" || looksOnly(other?.mode);
  return last.object === attempt.base && !isClosed;
}

async function repair(work: Work, lost: StoredAttempt, { refs, last }: RecordBook): Promise<boolean> {
  if (last === undefined) return true;
  const push = await disturb(work.session.git, lost, last, refs.attempt);
  work.log.warn({ attempt: lost.attempt.owner, last: last.record.number, push }, "applied late");
  if (!push.moved && push.why === "refused") throw pushRefused(push);
  return push.moved;
}

/**
 * Wakes whoever goes on, for a deep look: we may have reported after the successor's last word. What we opened we close
 * ourselves, since the journal may have been taken by a stranger's tag, which knows nothing of us.
 */
async function leave({ work, open, reporter }: RunningAttempt, { last }: RecordBook): Promise<Turn> {
  await work.services.queues.wake(work.session.target, { deep: true });
  await reporter.leave();
  await closeOwn(work, open.attempt, last);
  return "leave";
}
