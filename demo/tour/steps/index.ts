import type { Step } from "../step.ts";
import { bootstrap } from "./bootstrap.ts";
import { brokenRelease } from "./broken-release.ts";
import { disaster } from "./disaster.ts";
import { firstDeploy } from "./first-deploy.ts";
import { install } from "./install.ts";
import { promoteAll } from "./promote.ts";
import { failedRollback, goodRelease, rollback, rollbackHolds } from "./rollback.ts";
import { unauthorised } from "./unauthorised.ts";

/** What every tour plays once the core stack is bootstrapped. */
export const usualSteps: readonly Step[] = [
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
export const steps: readonly Step[] = [bootstrap, ...usualSteps];
