import { destructions } from "../../promotion/plan-summary.ts";
import type { DeploymentInput } from "./deployment.ts";
import { approvalDigest } from "./plan-digest.ts";
import type { Question } from "./stack-end.ts";
import type { Ready } from "./stack-run.ts";

/** What somebody has to decide before this plan is applied; undefined: nothing. */
export function questionAbout(
  { workspace, summary }: Ready,
  { mode, commit, approved }: DeploymentInput,
): Question | undefined {
  if (mode !== "incremental" || destructions(summary).length === 0) return undefined;
  const digest = approvalDigest(commit, workspace.stack, summary);
  return approved.has(digest) ? undefined : { about: "approval", digest };
}
