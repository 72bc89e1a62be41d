import { knownResources } from "../../adapters/terraform/known-resources.ts";
import { show } from "../../adapters/terraform/show.ts";
import { destructions, type PlanSummary } from "../../promotion/plan-summary.ts";
import type { DeploymentInput } from "./deployment.ts";
import { openDoubts } from "./doubts.ts";
import { approvalDigest } from "./plan-digest.ts";
import type { Question, StackEnd } from "./stack-end.ts";
import type { Ready, RunContext } from "./stack-run.ts";

/** What somebody has to decide before this plan is applied; undefined: nothing. `earlier`: the tries before this one. */
export async function questionAbout(
  planned: Ready,
  { input, doubtsOf, terraform }: RunContext,
  earlier: readonly StackEnd[],
): Promise<Question | undefined> {
  const { workspace } = planned;
  const known = async () => knownResources(await show([], workspace, terraform));
  const addresses = await openDoubts(doubtsOf(workspace.stack), known, input.asked);
  return addresses.length > 0 ? { about: "doubts", addresses } : approvalFor(planned, input, earlier);
}

function approvalFor(
  { workspace, summary }: Ready,
  { mode, commit, approved }: DeploymentInput,
  earlier: readonly StackEnd[],
): Question | undefined {
  if (mode !== "incremental" || isGranted(summary, earlier)) return undefined;
  const digest = approvalDigest(commit, workspace.stack, summary);
  return approved.has(digest) ? undefined : { about: "approval", digest };
}

/** What an apply that failed half-way has left of what it was allowed to destroy needs no second approval. */
function isGranted(summary: PlanSummary, earlier: readonly StackEnd[]): boolean {
  const applied = earlier.flatMap(({ report }) => (report.plan ? destructions(report.plan) : []));
  const granted = new Set(applied.map(({ address }) => address));
  return destructions(summary).every(({ address }) => granted.has(address));
}
