import { knownResources } from "../../adapters/terraform/known-resources.ts";
import { show } from "../../adapters/terraform/show.ts";
import { destructions } from "../../promotion/plan-summary.ts";
import type { DeploymentInput } from "./deployment.ts";
import { openDoubts } from "./doubts.ts";
import { approvalDigest } from "./plan-digest.ts";
import type { Question } from "./stack-end.ts";
import type { Ready, RunContext } from "./stack-run.ts";

/** What somebody has to decide before this plan is applied; undefined: nothing. */
export async function questionAbout(
  planned: Ready,
  { input, doubtsOf, terraform }: RunContext,
): Promise<Question | undefined> {
  const { workspace } = planned;
  const known = async () => knownResources(await show([], workspace, terraform));
  const addresses = await openDoubts(doubtsOf(workspace.stack), known, input.asked);
  return addresses.length > 0 ? { about: "doubts", addresses } : approvalFor(planned, input);
}

function approvalFor(
  { workspace, summary }: Ready,
  { mode, commit, approved }: DeploymentInput,
): Question | undefined {
  if (mode !== "incremental" || destructions(summary).length === 0) return undefined;
  const digest = approvalDigest(commit, workspace.stack, summary);
  return approved.has(digest) ? undefined : { about: "approval", digest };
}
