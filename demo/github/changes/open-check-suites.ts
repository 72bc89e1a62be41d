import type { Author } from "../auth/actor.ts";
import type { RefChange } from "../git/refs.ts";
import type { Account } from "../model/account.ts";
import { type App, grants } from "../model/app.ts";
import type { CheckSuite } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import { installationsOn, timestamp, type World } from "../model/world.ts";
import { checkSuiteEventShape } from "../shapes/check.ts";
import { emit } from "../webhooks/emit.ts";

/** Opens a check suite for every App that may write checks on every commit that became a branch's head. */
export function openCheckSuites(
  world: World,
  repository: Repository,
  { account }: Author,
  changes: readonly RefChange[],
): void {
  const writers = installationsOn(world, repository).filter(({ app }) =>
    grants(app.permissions, "checks", "write"),
  );
  for (const { ref, before, after } of changes) {
    if (after === null || !ref.startsWith("refs/heads/")) continue;
    const from = { headBranch: ref.slice("refs/heads/".length), before, after };
    for (const { app } of writers.filter(
      (writer) => findSuite(repository, writer.app, after) === undefined,
    )) {
      const suite = addSuite(world, repository, app, after, from);
      announceCheckSuite(world, repository, suite, { sender: account, action: "requested" });
    }
  }
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

/** Sends `check_suite` to the App whose suite it is. */
export function announceCheckSuite(
  world: World,
  repository: Repository,
  suite: CheckSuite,
  { sender, action }: { readonly sender: Account; readonly action: "requested" | "rerequested" },
): void {
  const shape = checkSuiteEventShape(world.urls, repository, suite);
  const details = shape.then((check_suite) => ({ check_suite }));
  emit(world, repository, { name: "check_suite", action, sender, details, to: suite.app });
}
