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
