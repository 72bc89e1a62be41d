import { failedAttemptReport } from "../../promotion/report/outcome.ts";
import { fail } from "../attempt/steps.ts";
import type { Turn } from "../services.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { leaveIfLost } from "./late.ts";
import { refusePush } from "./refused-push.ts";
import type { RunningAttempt } from "./running-attempt.ts";

type Failed = Extract<RunOutcome, { result: "failed" }>;

/** Journals the failure, puts a requested `current` back in the same push, then says why. */
export async function failAttempt(running: RunningAttempt, { failure, details }: Failed): Promise<Turn> {
  const { work, look, open, reporter } = running;
  const push = await journalFailure(running, failure);
  work.log.warn({ attempt: open.attempt.owner, failure, push }, "attempt failed");
  await refusePush(work, look, push);
  if (!push.moved) return (await leaveIfLost(running, true)) ?? "again";
  const report = failedAttemptReport(open.attempt, failure, look.observation.last, details);
  await reporter.end(report, "failure");
  return "again";
}

/** Where nobody may move `current`, at least the journal must say it: what failed is not to be applied for ever. */
async function journalFailure({ work, look, decision, open }: RunningAttempt, failure: Failed["failure"]) {
  const { current } = look.book.refs;
  const last = look.observation.last?.object;
  const putBack = decision.answersRequest && current !== undefined ? { holds: current, last } : undefined;
  const { push } = await fail(work.session.git, open, failure, putBack);
  const isStuck = !push.moved && push.why === "refused" && putBack !== undefined;
  return isStuck ? (await fail(work.session.git, open, failure, undefined)).push : push;
}
