import {
  type DeploymentNote,
  type DeploymentState,
  deploymentState,
  ensureDeployment,
  findDeployment,
  setDeploymentState,
} from "../../adapters/github/deployments.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { shortId } from "../../promotion/object-id.ts";
import type { CheckBoard } from "./check.ts";

/** Says on GitHub's Environments page how an attempt goes. */
export async function noteDeployment(
  { repository }: CheckBoard,
  attempt: Attempt,
  state: DeploymentState,
  description: string,
): Promise<void> {
  const id = await ensureDeployment(repository, noteOf(attempt));
  await setDeploymentState(repository, id, state, description);
}

/** The same for an attempt whose worker died: only where it still is said to go on. */
export async function closeDeployment(
  { repository }: CheckBoard,
  attempt: Attempt,
  state: DeploymentState,
  description: string,
): Promise<void> {
  const id = await findDeployment(repository, noteOf(attempt));
  if (id === undefined) return;
  const said = await deploymentState(repository, id);
  if (said === undefined || said === "in_progress")
    await setDeploymentState(repository, id, state, description);
}

function noteOf({ environment, commit, kind, owner }: Attempt): DeploymentNote {
  return { environment, commit, attempt: owner, description: `${kind} to ${shortId(commit)}` };
}
