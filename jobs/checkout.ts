import path from "node:path";
import type { Repository } from "../adapters/git/repository.ts";
import { removeTree } from "../adapters/process/remove-tree.ts";
import { isObjectId, type ObjectId } from "../promotion/object-id.ts";
import { once } from "./once.ts";

/** The files of one commit, written out only if something needs them. */
export interface Checkout {
  /** Where they are then. */
  readonly worktree: string;
  /** Object id of the commit's tree; undefined: the mirror can't tell it. */
  tree(): Promise<ObjectId | undefined>;
  /** Writes the files at the first call, and only then. Errors: those of `exportCommit`. */
  checkout(): Promise<void>;
}

export function createCheckout(
  git: Pick<Repository, "exportCommit" | "treesOf">,
  commit: ObjectId,
  runDirectory: string,
): Checkout {
  const worktree = path.join(runDirectory, "checkout");
  return {
    worktree,
    tree: async () => {
      const [tree = ""] = await git.treesOf([commit]).catch(() => []);
      return isObjectId(tree) ? tree : undefined;
    },
    checkout: once(async () => {
      await removeTree(worktree);
      await git.exportCommit(commit, worktree);
    }),
  };
}
