import { createHash } from "node:crypto";
import { canonicalPlan, type PlanSummary } from "../../promotion/plan-summary.ts";

/** SHA-256 in hexadecimal over the plans of some stacks. */
export function planDigest(plans: ReadonlyMap<string, PlanSummary>): string {
  return createHash("sha256").update(canonicalPlan(plans)).digest("hex");
}

/** What an approval of one stack's plan is bound to: that very plan, made for that very commit. */
export function approvalDigest(commit: string, stack: string, plan: PlanSummary): string {
  const canonical = canonicalPlan(new Map([[stack, plan]]));
  return createHash("sha256").update(`${commit}\n${canonical}`).digest("hex");
}
