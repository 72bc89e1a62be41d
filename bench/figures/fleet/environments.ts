import type { Environment } from "../../../promotion/environment.ts";

/** An environment that follows a branch, and no other environment. */
export interface FleetEnvironment extends Environment {
  readonly branch: string;
}

export const fleetEnvironments: readonly FleetEnvironment[] = [
  { name: "dev", branch: "dev", after: null },
  { name: "test", branch: "test", after: null },
  { name: "staging", branch: "main", after: null },
  { name: "prod", branch: "prod", after: null },
];

const [owners, repositoriesEach] = [10, 5];

/** `owner/name`: an installation covers an owner's. Owner by owner in turn. */
export const fleetRepositories: readonly string[] = Array.from({ length: repositoriesEach }, (_, name) =>
  Array.from({ length: owners }, (_, owner) => `team-${owner + 1}/shop-${name + 1}`),
).flat();
