import { writeFile } from "node:fs/promises";
import path from "node:path";
import { policyPath } from "../../promotion/policy.ts";
import type { Person } from "./person.ts";
import { movedAt } from "./ref-clock.ts";
import { copyApp, type EnvironmentName, policyWith } from "./shop-source.ts";
import type { Stage } from "./stage.ts";
import { until } from "./wait.ts";

const repository = { owner: "acme", repo: "shop" };

export interface Release {
  readonly version: string;
  readonly healthy: boolean;
}

type Change = (clone: string) => Promise<void>;
const nothing: Change = async () => undefined;

/**
 * A developer's part: a branch with a new release on it, pushed, and a pull request into `dev`. Gives its number.
 * `change` may alter the clone before it is committed.
 */
export async function proposeRelease(
  stage: Stage,
  release: Release,
  change: Change = nothing,
): Promise<number> {
  return await proposeChange(stage, `release-${release.version}`, async (clone) => {
    await change(clone);
    await writeFile(path.join(clone, "release.json"), `${JSON.stringify(release)}\n`);
  });
}

/** The first one also brings the application. */
export async function proposeFirstRelease(
  stage: Stage,
  release: Release,
  change: Change = nothing,
): Promise<number> {
  return await proposeRelease(stage, release, async (clone) => {
    await copyApp(clone);
    await writeFile(path.join(clone, policyPath), await policyWith(stage.ports));
    await change(clone);
  });
}

/** A new branch with whatever `change` does to the clone, pushed, and a pull request into `dev`. Gives its number. */
export async function proposeChange(stage: Stage, branch: string, change: Change): Promise<number> {
  const { bob } = stage.people;
  await bob.git("fetch", "--quiet", "origin");
  await bob.git("checkout", "--quiet", "-B", branch, "origin/dev");
  await change(bob.clone);
  await bob.git("add", "--all");
  await bob.git("commit", "--quiet", "--message", branch);
  await bob.git("push", "--quiet", "origin", `refs/heads/${branch}`);
  return await openPullRequest(stage, branch, "dev", branch);
}

export async function openPullRequest(
  stage: Stage,
  head: string,
  base: string,
  title: string,
): Promise<number> {
  const { data } = await stage.people.bob.rest.pulls.create({ ...repository, head, base, title });
  return data.number;
}

/** Merges by the button's own request; gives the merge commit and when it was made (milliseconds since 1970). */
export async function merge(stage: Stage, number: number): Promise<{ commit: string; at: number }> {
  const at = Date.now();
  const { data } = await stage.people.bob.rest.pulls.merge({ ...repository, pull_number: number });
  return { commit: data.sha, at };
}

/** Waits for a numbered tag; gives how long after `since` (milliseconds since 1970) it was there, in seconds. */
export async function untilRecord(
  stage: Stage,
  environment: EnvironmentName,
  number: number,
  since: number,
): Promise<number> {
  const ref = `refs/tags/deploy/${environment}/${number}`;
  const made = await until(ref, () => movedAt(stage.repository.bareDirectory, ref));
  return (made - since) / 1000;
}

/** Waits until a check run has ended; gives it. */
export async function untilChecked(stage: Stage, commit: string, name: string) {
  return await until(`check run ${name}`, async () => {
    const check = await stage.look.check(commit, name);
    return check?.status === "completed" ? check : undefined;
  });
}

/** Retags as a person would by hand: `git tag --force`, `git push --force`. */
export async function retag(person: Person, environment: EnvironmentName, commit: string): Promise<void> {
  const tag = `deploy/${environment}/current`;
  await person.git(
    "fetch",
    "--quiet",
    "--force",
    "origin",
    `refs/tags/deploy/${environment}/*:refs/tags/deploy/${environment}/*`,
    "+refs/heads/*:refs/remotes/origin/*",
  );
  await person.git("tag", "--force", tag, commit);
  await person.git("push", "--quiet", "--force", "origin", `refs/tags/${tag}`);
}
