import path from "node:path";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import type { CreatedRepository } from "../../demo/github/owner/repositories.ts";
import { bootstrapCore } from "../../demo/stage/core.ts";
import { type Registration, registerWaymark } from "../../demo/stage/registration.ts";
import { createWaymark, type Waymark } from "../../demo/stage/waymark.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { BenchContext } from "../harness/figure.ts";

export interface InstallationOptions {
  /** `owner/name`; Waymark is installed once for each owner. */
  readonly repositories: readonly string[];
  /** What the repositories begin with, on every environment's branch. */
  readonly from: string;
  readonly environments: readonly Environment[];
  /** Further variables for Waymark's processes. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Waymark on any number of repositories, provisioned, but not started. */
export interface Installation extends Waymark {
  readonly github: LocalGitHub;
  readonly registration: Registration;
  readonly repositories: readonly InstalledRepository[];
  /** The token of somebody who maintains all of them. */
  readonly token: string;
  readonly home: string;
}

export interface InstalledRepository extends CreatedRepository {
  readonly installationId: number;
}

export const maintainer = "alice";

/** Makes the repositories, registers and installs Waymark, and applies the core stack. Ends with the bench. */
export async function openInstallation(
  { directory, atEnd }: BenchContext,
  { repositories, from, environments, variables }: InstallationOptions,
): Promise<Installation> {
  const github = await startLocalGitHub({ directory: path.join(directory, "github"), rateLimit: 1_000_000 });
  atEnd(github.close);
  const { token } = github.createUser(maintainer);
  const registration = await registerWaymark(github);
  const branches = environments.flatMap(({ branch }) => branch ?? []);
  const created: InstalledRepository[] = [];
  for (const fullName of repositories) {
    const collaborators = { [maintainer]: "maintain" } as const;
    const repository = await github.createRepository(fullName, { from, branches, collaborators });
    const owner = fullName.split("/")[0] ?? "";
    created.push({ ...repository, ...github.install(registration.app, owner, [fullName], maintainer) });
  }
  await github.idle();
  await bootstrapCore({ directory, repositories: created, environments });
  const home = path.join(directory, "home");
  const waymark = createWaymark(directory, {
    ...registration.environment,
    WAYMARK_HOME: home,
    // Nothing but what a bench does itself shall wake a worker.
    WAYMARK_SWEEP_SECONDS: "86400",
    ...variables,
  });
  atEnd(waymark.close);
  return { ...waymark, github, registration, repositories: created, token, home };
}
