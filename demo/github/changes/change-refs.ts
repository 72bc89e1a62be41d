import type { Author } from "../auth/actor.ts";
import { compareRefs, readRefs } from "../git/refs.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp, type World } from "../model/world.ts";
import { announcePush } from "./announce-push.ts";
import { followPullRequests } from "./follow-pull-requests.ts";
import { openCheckSuites } from "./open-check-suites.ts";
import type { Push } from "./push.ts";

/**
 * Runs something that may change refs, alone, and lets everything follow that follows a push: events, check
 * suites, pull requests. Also when `change` fails, since what it did before that has happened.
 */
export function changeRefs<T>(
  world: World,
  repository: Repository,
  author: Author,
  change: () => Promise<T>,
): Promise<T> {
  return repository.refs(async () => {
    const before = await readVisible(repository);
    try {
      return await change();
    } finally {
      const after = await readVisible(repository);
      await follow(world, repository, author, { before, after, changes: compareRefs(before, after) });
    }
  });
}

const readVisible = (repository: Repository) => readRefs(repository.directory, "refs/heads", "refs/tags");

async function follow(world: World, repository: Repository, author: Author, push: Push): Promise<void> {
  if (push.changes.length === 0) return;
  repository.pushedAt = timestamp(world);
  announcePush(world, repository, author, push);
  openCheckSuites(world, repository, author, push.changes);
  await followPullRequests(world, repository, author, push.changes);
}
