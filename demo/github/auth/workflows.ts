import { git } from "../git/git.ts";
import { peel } from "../git/history.ts";
import { askOnce } from "../git/immutable.ts";
import { readRefs } from "../git/refs.ts";
import type { Repository } from "../model/repository.ts";
import type { Actor } from "./actor.ts";
import { may } from "./authorize.ts";

/**
 * A workflow file that a push would bring in and the actor may not: no branch's head has it so. Undefined if there is
 * none. People may; an App needs the permission `workflows` beside `contents`.
 */
export async function forbiddenWorkflow(
  actor: Actor,
  repository: Repository,
  object: string,
): Promise<string | undefined> {
  if (may(actor, repository, { permission: "workflows", level: "write" })) return undefined;
  const { directory } = repository;
  const commit = await peel(directory, object, "commit");
  if (commit === undefined) return undefined;
  const files = await workflowsOf(directory, commit);
  if (files === undefined || files.length === 0) return undefined;
  const heads = new Set((await readRefs(directory, "refs/heads")).values());
  const known = await Promise.all([...heads].map((head) => workflowsOf(directory, head)));
  return files.find((file) => !known.some((one) => one?.includes(file)))?.split("\t")[1];
}

/** Mode, object and path of every workflow file of a commit, as `git ls-tree` prints them. */
const workflowsOf = askOnce(async (directory, commit: string): Promise<readonly string[]> => {
  const output = await git(directory, ["ls-tree", "-r", "-z", commit, "--", ".github/workflows/"]);
  return output.split("\0").filter((line) => line !== "");
});
