import type { Route } from "../http/router.ts";
import { appRoutes } from "./apps.ts";
import { checkRunRoutes } from "./check-runs.ts";
import { checkSuiteRoutes } from "./check-suites.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentStatusRoutes } from "./deployment-statuses.ts";
import { deploymentRoutes } from "./deployments.ts";
import { gitObjectRoutes } from "./git-objects.ts";
import { gitRefRoutes } from "./git-refs.ts";
import { hookDeliveryRoutes } from "./hook-deliveries.ts";
import { pullRoutes } from "./pulls.ts";
import { rateLimitRoutes } from "./rate-limit.ts";
import { repositoryRoutes } from "./repositories.ts";

/** Every REST route this server knows. The first that matches answers: `/commits/{ref}/…` before `/commits/{ref}`. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...hookDeliveryRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...deploymentRoutes,
  ...deploymentStatusRoutes,
  ...commitRoutes,
  ...gitRefRoutes,
  ...gitObjectRoutes,
  ...contentRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...repositoryRoutes,
  ...rateLimitRoutes,
];
