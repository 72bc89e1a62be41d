import type { Step } from "../step.ts";
import { bootstrapOnAws } from "./aws-bootstrap.ts";
import { expiredSession } from "./aws-expiry.ts";
import { oneLock } from "./aws-locks.ts";
import { foreignState } from "./aws-refusals.ts";
import { restoredState } from "./aws-restore.ts";
import { bootstrap } from "./bootstrap.ts";
import { brokenRelease } from "./broken-release.ts";
import { disaster } from "./disaster.ts";
import { firstDeploy } from "./first-deploy.ts";
import { install } from "./install.ts";
import { promoteAll } from "./promote.ts";
import { failedRollback, goodRelease, rollback, rollbackHolds } from "./rollback.ts";
import { unauthorised } from "./unauthorised.ts";

const usual: readonly Step[] = [
  install,
  firstDeploy,
  promoteAll,
  brokenRelease,
  goodRelease,
  rollback,
  rollbackHolds,
  failedRollback,
  unauthorised,
  disaster,
];

/** The tour, in the order it is played. */
export const steps: readonly Step[] = [bootstrap, ...usual];

/** The same with states and registry on AWS, and what can only be shown there. */
export const stepsOnAws: readonly Step[] = [
  bootstrapOnAws,
  ...usual,
  oneLock,
  foreignState,
  expiredSession,
  restoredState,
];
