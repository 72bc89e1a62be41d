import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Octokit } from "@octokit/rest";
import { movedAt } from "../../../demo/stage/ref-clock.ts";
import { until } from "../../../demo/stage/wait.ts";
import { writeCommit } from "../../../test/jobs/support/commits.ts";
import { runGit } from "../../../test/support/git.ts";
import type { Installation, InstalledRepository } from "../../stage/installation.ts";
import type { FleetEnvironment } from "./environments.ts";

/** One environment of one repository, and when it was deployed. */
export interface Deployed {
  readonly installationId: number;
  /** Milliseconds since 1970: when its branch moved, and when the record was there. */
  readonly changed: number;
  readonly recorded: number;
}

/** A whole round may take long, and there are many to look at. What takes longer was held or has failed. */
const patience = { seconds: 900, interval: 500 };

/** Moves every branch of every repository to a new commit that holds these files, and waits until all are deployed. */
export async function changeAll(
  { repositories, token, github }: Installation,
  environments: readonly FleetEnvironment[],
  files: Readonly<Record<string, string>>,
  record: number,
): Promise<readonly Deployed[]> {
  const rest = new Octokit({ auth: token, baseUrl: github.apiUrl });
  const commits = await Promise.all(repositories.map((repository) => commitOnTop(repository, files)));
  // Branch by branch through all repositories, so that no repository is asked for everything first.
  for (const { branch } of environments) {
    for (const [index, { fullName }] of repositories.entries()) {
      const [owner = "", repo = ""] = fullName.split("/");
      await rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: commits[index] ?? "" });
    }
  }
  const all = repositories.flatMap((repository) => environments.map((one) => ({ repository, ...one })));
  const deployed = all.map(({ repository, name, branch }) => untilDeployed(repository, name, branch, record));
  return await Promise.all(deployed);
}

async function commitOnTop({ bareDirectory }: InstalledRepository, files: Readonly<Record<string, string>>) {
  const head = await runGit(bareDirectory, ["rev-parse", "refs/heads/dev"]);
  return await writeCommit(bareDirectory, { files, parents: [head] });
}

export async function untilDeployed(
  { bareDirectory, installationId, fullName }: InstalledRepository,
  environment: string,
  branch: string,
  record: number,
): Promise<Deployed> {
  const ref = `refs/tags/deploy/${environment}/${record}`;
  const recorded = await until(`${fullName} ${ref}`, () => movedAt(bareDirectory, ref), patience);
  const changed = (await movedAt(bareDirectory, `refs/heads/${branch}`)) ?? Number.NaN;
  return { installationId, changed, recorded };
}

/** The text of every file below a directory, by its path. */
export async function readFiles(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = files.map(
    async (file) => [path.relative(directory, file), await readFile(file, "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}
