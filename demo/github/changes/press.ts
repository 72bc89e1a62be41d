import type { Actor, Author } from "../auth/actor.ts";
import type { Need } from "../auth/authorize.ts";
import { may } from "../auth/authorize.ts";
import { ApiError } from "../http/api-error.ts";
import type { Account } from "../model/account.ts";
import type { CheckRun } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import type { World } from "../model/world.ts";
import { announceCheckRun } from "./check-runs.ts";
import { mergePullRequest } from "./merge-pull-request.ts";

/** What pressing a button needs: a person who may write to the repository. 403 for anybody else. */
function authorWhoMay(
  repository: Repository,
  account: Account | undefined,
  permission: Need["permission"],
): Author {
  const actor: Actor = account === undefined ? { kind: "anonymous" } : { kind: "user", account };
  if (account === undefined || !may(actor, repository, { permission, level: "write" })) {
    throw new ApiError(403, `${account?.login ?? "nobody"} may not write to ${repository.fullName}`);
  }
  return { account, app: null };
}

/** The Merge button of a pull request. */
export async function pressMerge(
  world: World,
  repository: Repository,
  account: Account | undefined,
  number: number,
) {
  const author = authorWhoMay(repository, account, "contents");
  await mergePullRequest(world, repository, author, { number, method: "merge" });
}

/** The Re-run button of a check run. */
export function pressRerun(
  world: World,
  repository: Repository,
  account: Account | undefined,
  run: CheckRun,
): void {
  const { account: sender } = authorWhoMay(repository, account, "checks");
  announceCheckRun(world, repository, run, { sender, action: "rerequested" });
}

/** One of the buttons an App has put on its check run. 404 if the run has no such button. */
export function pressAction(
  world: World,
  repository: Repository,
  account: Account | undefined,
  run: CheckRun,
  identifier: string,
): void {
  const { account: sender } = authorWhoMay(repository, account, "checks");
  if (!run.actions.some((action) => action.identifier === identifier))
    throw new ApiError(404, "no such action");
  announceCheckRun(world, repository, run, { sender, action: "requested_action", button: identifier });
}
