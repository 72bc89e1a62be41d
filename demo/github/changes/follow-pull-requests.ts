import type { Author } from "../auth/actor.ts";
import { isAncestor } from "../git/history.ts";
import { type RefChange, updateRef } from "../git/refs.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp, type World } from "../model/world.ts";
import { savePullRequest } from "./pull-request-events.ts";

/** Lets the open pull requests follow their branches: new heads, branches that went, merges by hand. */
export async function followPullRequests(
  world: World,
  repository: Repository,
  author: Author,
  changes: readonly RefChange[],
): Promise<void> {
  for (const { ref, before, after } of changes) {
    for (const pull of openPullRequests(repository)) {
      if (ref === `refs/heads/${pull.headBranch}`)
        await followHead(world, repository, author, pull, before, after);
      if (ref === `refs/heads/${pull.baseBranch}`) await followBase(world, repository, author, pull, after);
    }
  }
}

function openPullRequests({ pullRequests }: Repository): readonly PullRequest[] {
  return [...pullRequests.values()].filter(({ state }) => state === "open");
}

async function followHead(
  world: World,
  repository: Repository,
  author: Author,
  pull: PullRequest,
  before: string | null,
  after: string | null,
): Promise<void> {
  if (after === null) return close(world, repository, author, pull, null);
  if (before === null || after === pull.headSha) return;
  await updateRef(repository.directory, { ref: pullRequestRef(pull.number), before, after });
  const extra = { before, after };
  savePullRequest(world, repository, author, { ...pull, headSha: after }, { action: "synchronize", extra });
}

/** A pull request whose head the base has got counts as merged, however it got there. */
async function followBase(
  world: World,
  repository: Repository,
  author: Author,
  pull: PullRequest,
  after: string | null,
): Promise<void> {
  if (after === null) return close(world, repository, author, pull, null);
  if (await isAncestor(repository.directory, pull.headSha, after)) {
    const merge = { sha: after, by: author.account, at: timestamp(world) };
    return close(world, repository, author, pull, merge);
  }
  repository.pullRequests.set(pull.number, { ...pull, baseSha: after });
}

function close(
  world: World,
  repository: Repository,
  author: Author,
  pull: PullRequest,
  merge: PullRequest["merge"],
): void {
  const closed: PullRequest = { ...pull, state: "closed", closedAt: timestamp(world), merge };
  savePullRequest(world, repository, author, closed, { action: "closed" });
}

/** Where git finds a pull request's head. */
export const pullRequestRef = (number: number) => `refs/pull/${number}/head`;
