import type { CheckRun } from "../../adapters/github/check-runs.ts";
import type { DeploymentState } from "../../adapters/github/deployments.ts";
import type { Logger } from "../../adapters/log/logger.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { runningReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import { type CheckBoard, showReport, updateOwn, wordIn } from "./check.ts";
import { noteDeployment } from "./deployment.ts";
import { placeOf } from "./place.ts";

/** Tells GitHub how an attempt goes, beside the work: nothing waits for it until the end. */
export interface AttemptReporter {
  /** From now on it tells. Nobody may hear of an attempt that is not in the journal. */
  open(): void;
  /** Markdown; shown at most every five seconds. */
  progress(markdown: string): void;
  /** Waits for everything told so far, and ends the check run and the Deployment. */
  end(report: Report, state: DeploymentState): Promise<void>;
  /** Waits for everything told so far, and tells no more than a last word: somebody else goes on. */
  leave(lastWord?: string): Promise<void>;
}

const progressInterval = 5000;

/** `continued`: the owner of the attempt that goes on by somebody's word; the check run that keeps it is taken over. */
export function reportAttempt(
  board: CheckBoard,
  attempt: Attempt,
  log: Logger,
  continued?: string,
): AttemptReporter {
  const isOthersWord = (run: CheckRun): boolean => (wordIn(run)?.owner ?? continued) !== continued;
  const place = placeOf(attempt);
  let check: number | undefined;
  let latest: string | undefined;
  let told = Promise.resolve();
  /** In order, and never in the way: what can't be told now is told at the end, or by whoever looks next. */
  const tell = (what: () => Promise<void>): void => {
    told = told.then(what).catch((error: unknown) => log.warn({ err: error }, "could not report to GitHub"));
  };
  const showLatest = async (): Promise<void> => {
    if (latest === undefined) return;
    const report = runningReport(attempt, latest);
    latest = undefined;
    if (check === undefined) check = await showReport(board, place, report, isOthersWord);
    else await updateOwn(board, check, place, report);
  };
  const start = async (): Promise<void> => {
    check = await showReport(board, place, runningReport(attempt, "Getting ready."), isOthersWord);
    await noteDeployment(board, attempt, "in_progress", "Deploying");
  };
  let timer: NodeJS.Timeout | undefined;
  const settle = async (): Promise<void> => {
    clearInterval(timer);
    await told;
  };
  return {
    open: () => {
      tell(start);
      timer = setInterval(() => tell(showLatest), progressInterval);
      timer.unref();
    },
    progress: (markdown) => {
      latest = markdown;
    },
    leave: async (lastWord) => {
      latest = lastWord;
      if (lastWord !== undefined) tell(showLatest);
      await settle();
    },
    end: async (report, state) => {
      await settle();
      await endReport(board, attempt, report, state);
    },
  };
}

/** The last word about an attempt: also said by a worker that only finds its traces. */
export async function endReport(
  board: CheckBoard,
  attempt: Attempt,
  report: Report,
  state: DeploymentState,
): Promise<void> {
  await showReport(board, placeOf(attempt), report);
  await noteDeployment(board, attempt, state, report.title);
}
