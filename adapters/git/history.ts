import type { ObjectId } from "../../promotion/object-id.ts";
import { GitExit, gitAnswers } from "./command.ts";
import type { Mirror } from "./mirror.ts";

/** More new merges than this are not looked at one by one: a person should look instead. */
const maximumMerges = 200;
/** How many missing commits are named; more help nobody. */
const namedCommits = 20;

/** Is the first commit the second one or an ancestor of it? Both must be in the mirror. */
export async function isAncestor(mirror: Mirror, ancestor: ObjectId, descendant: ObjectId): Promise<boolean> {
  if (ancestor === descendant) return true;
  const args = ["merge-base", "--is-ancestor", "--end-of-options", ancestor, descendant];
  return await gitAnswers(mirror.local(args));
}

/** Commits of `head`, merges apart, that none of `known` contains; at most twenty, newest first. */
export async function missingCommits(
  mirror: Mirror,
  head: ObjectId,
  known: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const limit = `--max-count=${namedCommits}`;
  return lines(await mirror.local(["rev-list", "--no-merges", limit, ...newIn(head, known)]));
}

/** New merge commits that say more than the merge of their parents does: work could hide in them. */
export async function uncleanMerges(
  mirror: Mirror,
  head: ObjectId,
  known: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const limit = `--max-count=${maximumMerges + 1}`;
  const range = newIn(head, known);
  const merges = lines(await mirror.local(["rev-list", "--merges", "--parents", limit, ...range]));
  if (merges.length > maximumMerges)
    return merges.map((line) => line.split(" ")[0] ?? "").slice(0, namedCommits);
  const unclean: ObjectId[] = [];
  for (const line of merges) {
    const [merge = "", ...parents] = line.split(" ");
    if (!(await isCleanMerge(mirror, merge, parents))) unclean.push(merge);
  }
  return unclean;
}

/** The commits of `head` that none of `known` contains, as arguments of rev-list. */
function newIn(head: ObjectId, known: readonly ObjectId[]): readonly string[] {
  return ["--end-of-options", head, ...known.map((commit) => `^${commit}`)];
}

async function isCleanMerge(mirror: Mirror, merge: ObjectId, parents: readonly ObjectId[]): Promise<boolean> {
  const [ours, theirs, ...more] = parents;
  if (ours === undefined || theirs === undefined || more.length > 0) return false;
  if (!(await isListable(mirror, ours)) || !(await isListable(mirror, theirs))) return false;
  const merged = await mergedTree(mirror, ours, theirs);
  return merged !== undefined && (await treesOf(mirror, [merge])).includes(merged);
}

/** Bytes of the names of all files. */
const longestListing = 32 * 1024 ** 2;

/** A few trees that name each other many times have more files than git could merge in any time and memory. */
async function isListable(mirror: Mirror, commit: ObjectId): Promise<boolean> {
  const list = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", commit];
  return !(await mirror.beginning(list, {}, longestListing)).isCut;
}

/** The tree of a merge without a person's hand in it; undefined when the two conflict. */
async function mergedTree(mirror: Mirror, ours: ObjectId, theirs: ObjectId): Promise<ObjectId | undefined> {
  const flags = ["--write-tree", "--no-messages", "--allow-unrelated-histories"];
  try {
    return lines(await mirror.local(["merge-tree", ...flags, ours, theirs]))[0];
  } catch (error) {
    if (error instanceof GitExit && error.exitCode === 1) return undefined;
    throw error;
  }
}

/** The trees of commits, in the same order. */
export async function treesOf(mirror: Mirror, commits: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  const input = commits.map((commit) => `${commit}^{tree}\n`).join("");
  return lines(await mirror.local(["cat-file", "--batch-check=%(objectname)"], { input }));
}

function lines(output: string): string[] {
  return output.split("\n").filter((line) => line !== "");
}
