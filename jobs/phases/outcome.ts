import type { Failure } from "../../promotion/failure.ts";
import type { PlanSummary } from "../../promotion/plan-summary.ts";
import { isOvertaken } from "../../promotion/recovery.ts";
import type { Deadline } from "./deadline.ts";
import type { DeploymentInput, DeploymentOutcome, StackReport } from "./deployment.ts";
import type { StackEnd } from "./stack-end.ts";
import { stopOf } from "./stop.ts";

type Unfinished = Exclude<DeploymentOutcome, { kind: "applied" }>;

/** The results of a stack for which nothing is left to do. */
const done = new Set<StackReport["result"]>(["applied", "unchanged", "skipped", "postponed"]);

/** Whether everything was applied that was to be. */
export function isDone(ends: readonly StackEnd[], { mode }: Pick<DeploymentInput, "mode">): boolean {
  const applies = mode === "complete" || mode === "incremental";
  return applies && ends.every(({ report }) => done.has(report.result));
}

/** What decides about an end. */
export interface EndContext {
  readonly input: Pick<DeploymentInput, "mode">;
  readonly redact: (text: string) => string;
}

/** How a deployment ends that is not done: what failed counts most, then the end of its time, then what it waits for. */
export function endOf(ends: readonly StackEnd[], context: EndContext, deadline: Deadline): Unfinished {
  const failed = ends.find(({ failure }) => failure);
  if (deadline.signal.aborted) return failedWith(deadline.failureOf(failed?.failure), ends, context);
  if (failed?.failure)
    return { ...failedWith(failed.failure, ends, context), exhausted: isExhausted(failed) };
  const stop = stopOf(ends, context.input);
  return {
    kind: "stopped",
    stop: { ...stop, message: context.redact(stop.message) },
    stacks: reportsOf(ends),
  };
}

/** Whoever was overtaken looks at everything again, however often it was tried. */
function isExhausted({ failure, report }: StackEnd): boolean {
  return report.tries !== undefined && failure !== undefined && !isOvertaken(failure);
}

export function failedWith(
  failure: Failure,
  ends: readonly StackEnd[],
  { redact }: Pick<EndContext, "redact">,
): Extract<Unfinished, { kind: "failed" }> {
  const redacted = { ...failure, message: redact(failure.message) };
  return { kind: "failed", failure: redacted, exhausted: false, stacks: reportsOf(ends) };
}

const reportsOf = (ends: readonly StackEnd[]): StackReport[] => ends.map(({ report }) => report);

/** What was planned, by stack. */
export function plansOf(ends: readonly StackEnd[]): ReadonlyMap<string, PlanSummary> {
  return new Map(ends.flatMap(({ report }) => (report.plan ? [[report.stack, report.plan] as const] : [])));
}
