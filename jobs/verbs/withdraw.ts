import type { Decision } from "../../promotion/decide.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { endedReport } from "../../promotion/report/outcome.ts";
import { journalBefore } from "../../promotion/withdrawal.ts";
import { withdrawAttempt } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { showReport } from "../reports/check.ts";
import { closeDeployment } from "../reports/deployment.ts";
import { placeOf } from "../reports/place.ts";
import { readAttempt } from "../reports/superseded.ts";
import { boardOf, type Work } from "../services.ts";
import { refusePush } from "./refused-push.ts";

/** The last words of an attempt that only looked, then the journal is as it was before: nothing was changed. */
export async function withdraw(
  work: Work,
  look: Look,
  { attempt, object }: Extract<Decision, { do: "withdraw" }>,
): Promise<void> {
  const board = boardOf(work);
  const { last } = look.observation;
  const report = endedReport(attempt, last);
  if (report) await showReport(board, placeOf(attempt), report);
  await closeDeployment(board, attempt, "inactive", report?.title ?? "");
  const before = await stillKnown(work, journalBefore(attempt), last?.object);
  const push = await withdrawAttempt(work.session.git, attempt.environment, object, before);
  work.log.info({ attempt: attempt.owner, before, push }, "an attempt that only looked was withdrawn");
  await refusePush(work, look, push);
}

/** What is no attempt of ours, or can't be had any more, says the same as no journal at all: a repair is owed. */
async function stillKnown(
  work: Work,
  before: ObjectId | undefined,
  last: ObjectId | undefined,
): Promise<ObjectId | undefined> {
  if (before === undefined || before === last) return before;
  return (await readAttempt(work, before)) && before;
}
