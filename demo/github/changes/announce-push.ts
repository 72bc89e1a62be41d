import type { Author } from "../auth/actor.ts";
import { isAncestor, peel } from "../git/history.ts";
import { type RefChange, zeroId } from "../git/refs.ts";
import { noreplyEmail } from "../model/account.ts";
import type { Payload } from "../model/delivery.ts";
import type { Repository } from "../model/repository.ts";
import type { World } from "../model/world.ts";
import { emit } from "../webhooks/emit.ts";
import type { Push } from "./push.ts";
import { pushedCommit, pushedCommits } from "./pushed-commits.ts";

const mostTags = 3;

/** Sends `push`, `create` and `delete` for changed refs; for tags only if not more than three changed at once. */
export function announcePush(world: World, repository: Repository, author: Author, push: Push): void {
  const tags = push.changes.filter(({ ref }) => isTag(ref));
  const announced = tags.length > mostTags ? push.changes.filter(({ ref }) => !isTag(ref)) : push.changes;
  for (const change of announced) {
    const details = pushPayload(world, repository, author, push, change);
    emit(world, repository, { name: "push", action: null, sender: author.account, details });
    announceLife(world, repository, author, change);
  }
}

const isTag = (ref: string) => ref.startsWith("refs/tags/");
const shortName = (ref: string) => ref.replace(/^refs\/(heads|tags)\//, "");

/** `create` or `delete`, for a ref that came or went. */
function announceLife(
  world: World,
  repository: Repository,
  author: Author,
  { ref, before, after }: RefChange,
): void {
  if (before !== null && after !== null) return;
  const details = {
    ref: shortName(ref),
    ref_type: isTag(ref) ? "tag" : "branch",
    pusher_type: "user",
    ...(before === null ? { master_branch: repository.defaultBranch, description: null } : {}),
  };
  const name = before === null ? "create" : "delete";
  emit(world, repository, { name, action: null, sender: author.account, details });
}

async function pushPayload(
  world: World,
  repository: Repository,
  { account }: Author,
  push: Push,
  change: RefChange,
): Promise<Payload> {
  const { ref, before, after } = change;
  return {
    ref,
    before: before ?? zeroId,
    after: after ?? zeroId,
    created: before === null,
    deleted: after === null,
    forced: await isForced(repository, change),
    base_ref: null,
    compare: compareAddress(world, repository, change),
    commits: await pushedCommits(world, repository, push, change),
    head_commit: after === null ? null : await pushedCommit(world, repository, after),
    pusher: { name: account.login, email: noreplyEmail(account) },
  };
}

/** True for a ref that did not simply move forward. */
async function isForced({ directory }: Repository, { before, after }: RefChange): Promise<boolean> {
  if (before === null || after === null) return false;
  const [from, to] = await Promise.all([peel(directory, before, "commit"), peel(directory, after, "commit")]);
  if (from === undefined || to === undefined) return true;
  return !(await isAncestor(directory, from, to));
}

function compareAddress(
  { urls }: World,
  { fullName }: Repository,
  { ref, before, after }: RefChange,
): string {
  const range =
    before !== null && after !== null ? `${before.slice(0, 12)}...${after.slice(0, 12)}` : undefined;
  return `${urls.web}/${fullName}/compare/${range ?? encodeURIComponent(shortName(ref))}`;
}
