import type { Route } from "../http/router.ts";
import { appRoutes } from "./apps.ts";
import { checkRunRoutes } from "./check-runs.ts";
import { rateLimitRoutes } from "./rate-limit.ts";
import { repositoryRoutes } from "./repositories.ts";

/** Every REST route this server knows. The first that matches answers, so longer paths of a kind come first. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...checkRunRoutes,
  ...repositoryRoutes,
  ...rateLimitRoutes,
];
