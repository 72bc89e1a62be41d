import type { Author } from "../auth/actor.ts";
import { isAncestor } from "../git/history.ts";
import { mergeTree, writeCommit } from "../git/merge.ts";
import { branchRef, readRef, updateRef } from "../git/refs.ts";
import { ApiError } from "../http/api-error.ts";
import type { Repository } from "../model/repository.ts";
import type { World } from "../model/world.ts";
import { changeRefs } from "./change-refs.ts";

/**
 * Brings a branch up to date with the default branch, as a Deployment does that was not told `auto_merge: false`.
 * False if there was nothing to do: no branch, or nothing behind. 409 on conflicts.
 */
export function mergeDefaultBranch(
  world: World,
  repository: Repository,
  author: Author,
  branch: string,
): Promise<boolean> {
  const { directory, defaultBranch } = repository;
  const ref = branchRef(branch);
  return changeRefs(world, repository, author, async () => {
    const before = await readRef(directory, ref);
    const other = await readRef(directory, branchRef(defaultBranch));
    if (before === undefined || other === undefined || (await isAncestor(directory, other, before)))
      return false;
    const tree = await mergeTree(directory, before, other);
    if (tree === undefined) throw new ApiError(409, `Conflict merging ${defaultBranch} into ${branch}.`);
    const message = `Merge branch '${defaultBranch}' into ${branch}`;
    const commit = { tree, parents: [before, other], message, author: author.account, date: world.now() };
    await updateRef(directory, { ref, before, after: await writeCommit(directory, commit) });
    return true;
  });
}
