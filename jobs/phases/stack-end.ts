import type { StackOutput } from "../../adapters/terraform/outcome.ts";
import { type Failure, toFailure } from "../../promotion/failure.ts";
import {
  attemptOutput,
  countChanges,
  hasChanges,
  noChanges,
  type PlanSummary,
} from "../../promotion/plan-summary.ts";
import type { StackReport } from "./deployment.ts";
import type { ProvisionNote } from "./provision-note.ts";

/** A stack's report, with the failure behind it if it failed, or what it waits for. */
export interface StackEnd {
  readonly report: StackReport;
  readonly failure?: Failure;
  readonly question?: Question;
}

/**
 * What somebody has to decide before a stack is applied. `digest`: of the plan that deletes or replaces something.
 * `addresses`: of what an apply that was cut off had begun to create.
 */
export type Question =
  | { readonly about: "approval"; readonly digest: string }
  | { readonly about: "doubts"; readonly addresses: readonly string[] };

/** Whether an output is one that the app's author named. */
export function isShown({ name }: StackOutput): boolean {
  return name !== attemptOutput && !name.startsWith("cross-stack-output-");
}

/** `plan`: what was being applied. */
export function failed(
  stack: string,
  error: unknown,
  redact: (text: string) => string,
  plan?: PlanSummary,
): StackEnd {
  const failure = toFailure(error);
  const message = redact(failure.message);
  const counts = plan ? countChanges(plan) : noChanges;
  const report = { stack, result: "failed", reason: message, ...counts, ...(plan && { plan }) } as const;
  return { report, failure: { ...failure, message } };
}

export function notRun(stack: string, reason: string): StackEnd {
  return { report: { stack, result: "not-run", reason, ...noChanges } };
}

/** A stack whose plan was all that was wanted, or all that may be done for now. */
export function plannedOnly(stack: string, plan: PlanSummary, question?: Question): StackEnd {
  const only = hasChanges(plan) ? "planned" : "unchanged";
  const result = question ? "waiting" : only;
  return { report: { stack, result, ...countChanges(plan), plan }, ...(question && { question }) };
}

/** A stack that can't be planned yet: what it needs has changes that are not applied. */
export function pending(stack: string, needed: string): StackEnd {
  const reason = `${needed} has changes, and what it will hand on is not known before they are applied`;
  return { report: { stack, result: "pending", reason, ...noChanges } };
}

/** A provisioning stack for which nothing has changed since its last success. */
export function skipped(stack: string, { outputs }: ProvisionNote): StackEnd {
  const named = Object.keys(outputs).map((name) => ({ name }));
  return { report: { stack, result: "skipped", ...noChanges, outputs: named.filter(isShown) } };
}
