import type { StoredAttempt } from "../../promotion/attempt.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { recordRef, tagName } from "../../promotion/ref.ts";
import { code } from "../../promotion/report/markdown.ts";
import { deployedReport, heldByRollbackReport } from "../../promotion/report/outcome.ts";
import { finish } from "../attempt/steps.ts";
import { endReport } from "../reports/attempt-reporter.ts";
import { isWish, showReport } from "../reports/check.ts";
import { headPlace } from "../reports/place.ts";
import { closeSuperseded } from "../reports/superseded.ts";
import { boardOf, type Work } from "../services.ts";

/** A recorded deployment whose closing words are still owed. */
export interface Finished {
  readonly last: StoredRecord;
  readonly done: StoredAttempt;
  /** Markdown about what was applied, while it is known. */
  readonly details?: string;
}

/** Says everything about a record, then settles the journal. Saying it twice changes nothing. */
export async function finishDeployment(work: Work, { last, done, details }: Finished): Promise<void> {
  const board = boardOf(work);
  const { record } = last;
  await endReport(board, done.attempt, deployedReport(record, details), "success");
  if (record.branchHead !== record.commit && record.kind === "rollback") {
    const place = headPlace(record.environment, record.branchHead, `held-by:${done.attempt.owner}`);
    await showReport(board, place, heldByRollbackReport(record), isWish);
  }
  await closeSuperseded(
    work,
    done.attempt.supersedes,
    code(tagName(recordRef(record.environment, record.number))),
  );
  const push = await finish(work.session.git, done, last.object);
  work.log.info({ record: record.number, push: push.moved }, "finished");
  await wakeFollowers(work);
}

/** Environments that come after this one may have waited for it. */
async function wakeFollowers({ session, services }: Work): Promise<void> {
  const followers = session.environments.filter(({ after }) => after === session.environment.name);
  for (const { name } of followers) await services.queues.wake({ ...session.target, environment: name });
}
