import type { Author } from "../auth/actor.ts";
import { mergeTree, writeCommit } from "../git/merge.ts";
import { branchRef, updateRef } from "../git/refs.ts";
import { ApiError } from "../http/api-error.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp, type World } from "../model/world.ts";
import { changeRefs } from "./change-refs.ts";
import { savePullRequest } from "./pull-request-events.ts";

export interface MergeWish {
  readonly number: number;
  readonly method: "merge" | "squash";
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** What the head must be. */
  readonly sha?: string | undefined;
}

/**
 * Merges an open pull request with a commit made in the repository, and returns the commit's SHA. Sends
 * `pull_request` (closed, merged) and `push`. 405 if it can't be merged, 409 if its head is not what was expected.
 */
export function mergePullRequest(
  world: World,
  repository: Repository,
  author: Author,
  wish: MergeWish,
): Promise<string> {
  return changeRefs(world, repository, author, async () => {
    const pull = mergeablePullRequest(repository, wish);
    const sha = await commitMerge(world, repository, author, pull, wish);
    const merge = { sha, by: author.account, at: timestamp(world) };
    const closed: PullRequest = { ...pull, state: "closed", closedAt: merge.at, merge };
    savePullRequest(world, repository, author, closed, { action: "closed" });
    return sha;
  });
}

function mergeablePullRequest({ pullRequests }: Repository, { number, sha }: MergeWish): PullRequest {
  const pull = pullRequests.get(number);
  if (pull === undefined) throw new ApiError(404, "Not Found");
  if (pull.state !== "open") throw new ApiError(405, "Pull Request is not mergeable");
  if (sha !== undefined && sha !== pull.headSha) {
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  }
  return pull;
}

async function commitMerge(
  world: World,
  { directory, owner }: Repository,
  { account }: Author,
  pull: PullRequest,
  { method, title, message }: MergeWish,
): Promise<string> {
  const { number, baseSha, headSha, headBranch, baseBranch } = pull;
  const tree = await mergeTree(directory, baseSha, headSha);
  if (tree === undefined) throw new ApiError(405, "Pull Request is not mergeable");
  const merging = method === "merge";
  const subject =
    title ??
    (merging
      ? `Merge pull request #${number} from ${owner.login}/${headBranch}`
      : `${pull.title} (#${number})`);
  const body = message ?? (merging ? pull.title : (pull.body ?? ""));
  const parents = merging ? [baseSha, headSha] : [baseSha];
  const text = body === "" ? subject : `${subject}\n\n${body}`;
  const sha = await writeCommit(directory, {
    tree,
    parents,
    message: text,
    author: account,
    date: world.now(),
  });
  await updateRef(directory, { ref: branchRef(baseBranch), before: baseSha, after: sha });
  return sha;
}
