import type { Step } from "../step.ts";
import { bootstrapOnAws } from "./aws-bootstrap.ts";
import { expiredSession } from "./aws-expiry.ts";
import { oneLock } from "./aws-locks.ts";
import { foreignState } from "./aws-refusals.ts";
import { restoredState } from "./aws-restore.ts";
import { usualSteps } from "./index.ts";

/** The tour with states and registry on AWS, and what can only be shown there. */
export const stepsOnAws: readonly Step[] = [
  bootstrapOnAws,
  ...usualSteps,
  oneLock,
  foreignState,
  expiredSession,
  restoredState,
];
