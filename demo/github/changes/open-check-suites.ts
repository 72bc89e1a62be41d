import type { Author } from "../auth/actor.ts";
import type { RefChange } from "../git/refs.ts";
import { type App, grants } from "../model/app.ts";
import type { CheckSuite } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import { installationsOn, timestamp, type World } from "../model/world.ts";
import { checkSuiteShape } from "../shapes/check.ts";
import { emit } from "../webhooks/emit.ts";

/** Opens a check suite for every App that may write checks on every commit that became a branch's head. */
export async function openCheckSuites(
  world: World,
  repository: Repository,
  author: Author,
  changes: readonly RefChange[],
): Promise<void> {
  const writers = installationsOn(world, repository).filter(({ app }) =>
    grants(app.permissions, "checks", "write"),
  );
  for (const change of changes) {
    if (change.after === null || !change.ref.startsWith("refs/heads/")) continue;
    for (const { app } of writers) await request(world, repository, author, app, change.after, change);
  }
}

async function request(
  world: World,
  repository: Repository,
  author: Author,
  app: App,
  sha: string,
  { ref, before, after }: RefChange,
): Promise<void> {
  if (findSuite(repository, app, sha) !== undefined) return;
  const suite = addSuite(world, repository, app, sha, {
    headBranch: ref.slice("refs/heads/".length),
    before,
    after,
  });
  const details = { check_suite: await checkSuiteShape(world.urls, repository, suite) };
  emit(world, repository, {
    name: "check_suite",
    action: "requested",
    sender: author.account,
    details,
    to: app,
  });
}

/** The suite of an App on a commit; undefined if it has none yet. */
export function findSuite({ checkSuites }: Repository, app: App, sha: string): CheckSuite | undefined {
  return [...checkSuites.values()].find((suite) => suite.app === app && suite.headSha === sha);
}

/** Opens a suite without telling anybody. */
export function addSuite(
  world: World,
  repository: Repository,
  app: App,
  headSha: string,
  from: Pick<CheckSuite, "headBranch" | "before" | "after">,
): CheckSuite {
  const suite = { id: world.nextId(), app, headSha, ...from, createdAt: timestamp(world) };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}
