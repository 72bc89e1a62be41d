import type { StoredAttempt } from "../../promotion/attempt.ts";
import type { Deploy } from "../../promotion/decide.ts";
import type { Look } from "../observe/observe.ts";
import type { AttemptReporter } from "../reports/attempt-reporter.ts";
import type { Work } from "../services.ts";

/** What is known while one attempt runs. */
export interface RunningAttempt {
  readonly work: Work;
  readonly look: Look;
  readonly decision: Deploy;
  readonly open: StoredAttempt;
  readonly reporter: AttemptReporter;
}

/** The number of the deployment that it becomes, unless a foreign tag has taken that by then. */
export const nextNumber = ({ look }: Pick<RunningAttempt, "look">): number =>
  (look.observation.last?.record.number ?? 0) + 1;
