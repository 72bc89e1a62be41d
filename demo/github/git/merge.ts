import type { Account } from "../model/account.ts";
import { authorship } from "./create.ts";
import { git } from "./git.ts";

/** The tree of a merge of two commits; undefined if they conflict or have no common history. */
export async function mergeTree(directory: string, base: string, head: string): Promise<string | undefined> {
  const output = await git(directory, ["merge-tree", "--write-tree", base, head]).catch(() => undefined);
  return output?.split("\n")[0];
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Account;
  readonly date: Date;
}

/** Writes a commit object and returns its SHA. */
export function writeCommit(
  directory: string,
  { tree, parents, message, author, date }: NewCommit,
): Promise<string> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
  return git(directory, args, { input: message, environment: authorship(author, author, date) });
}
