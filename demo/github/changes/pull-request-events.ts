import type { Author } from "../auth/actor.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp, type World } from "../model/world.ts";
import { pullRequestShape } from "../shapes/pull-request.ts";
import { emit } from "../webhooks/emit.ts";

/** What `pull_request` events say beyond the pull request itself. */
export interface PullRequestNews {
  readonly action: "opened" | "synchronize" | "closed" | "reopened" | "edited";
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Keeps a new state of a pull request and sends `pull_request`. */
export function savePullRequest(
  world: World,
  repository: Repository,
  author: Author,
  changed: PullRequest,
  { action, extra }: PullRequestNews,
): PullRequest {
  const pull = { ...changed, updatedAt: timestamp(world) };
  repository.pullRequests.set(pull.number, pull);
  const shape = pullRequestShape(world.urls, repository, pull);
  const details = shape.then((pull_request) => ({ number: pull.number, pull_request, ...extra }));
  emit(world, repository, { name: "pull_request", action, sender: author.account, details });
  return pull;
}
