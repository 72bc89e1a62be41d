import type { Ending } from "../../promotion/attempt-states.ts";
import { failedAttemptReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import { stoppedReport } from "../../promotion/report/stopped.ts";
import { fail } from "../attempt/steps.ts";
import type { Turn } from "../services.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { leaveIfLost } from "./late.ts";
import { refusePush } from "./refused-push.ts";
import type { RunningAttempt } from "./running-attempt.ts";

type Failed = Extract<RunOutcome, { result: "failed" }>;
type Stopped = Extract<RunOutcome, { result: "stopped" }>;

/** Journals the failure, puts a requested `current` back in the same push, then says why. */
export async function failAttempt(running: RunningAttempt, { failure, details }: Failed): Promise<Turn> {
  const { look, open } = running;
  const report = failedAttemptReport(open.attempt, failure, look.observation.last, details);
  return await endAttempt(running, failure, report, "failure");
}

/** The same for an attempt that stopped before everything was deployed. */
export async function stopAttempt(running: RunningAttempt, { stop, details }: Stopped): Promise<Turn> {
  return await endAttempt(running, stop, stoppedReport(running.open.attempt, stop, details), "inactive");
}

async function endAttempt(
  running: RunningAttempt,
  ending: Ending,
  report: Report,
  status: "failure" | "inactive",
): Promise<Turn> {
  const { work, look, open, reporter } = running;
  const push = await journalEnding(running, ending);
  work.log.warn({ attempt: open.attempt.owner, ending, push }, "attempt ended without a record");
  await refusePush(work, look, push);
  if (!push.moved) return (await leaveIfLost(running, true)) ?? "again";
  await reporter.end(report, status);
  return "again";
}

/** Where nobody may move `current`, at least the journal must say it: what failed is not to be applied for ever. */
async function journalEnding({ work, look, decision, open }: RunningAttempt, ending: Ending) {
  const { current } = look.book.refs;
  const last = look.observation.last?.object;
  const putBack = decision.answersRequest && current !== undefined ? { holds: current, last } : undefined;
  const { push } = await fail(work.session.git, open, ending, putBack);
  const isStuck = !push.moved && push.why === "refused" && putBack !== undefined;
  return isStuck ? (await fail(work.session.git, open, ending, undefined)).push : push;
}
