import type { DeploymentOutcome, StackReport } from "../../../../jobs/phases/deployment.ts";

/** The outcome of a deployment that must have succeeded. */
export function applied(outcome: DeploymentOutcome): Extract<DeploymentOutcome, { kind: "applied" }> {
  if (outcome.kind === "failed") throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  if (outcome.kind === "stopped") throw new Error(`${outcome.stop.code}: ${outcome.stop.message}`);
  return outcome;
}

/** The outcome of a deployment that must have stopped without a failure. */
export function stopped(outcome: DeploymentOutcome): Extract<DeploymentOutcome, { kind: "stopped" }> {
  if (outcome.kind === "failed") throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  if (outcome.kind === "applied") throw new Error("it was applied");
  return outcome;
}

/** What became of each stack. */
export function results({ stacks }: DeploymentOutcome): Record<string, StackReport["result"]> {
  return Object.fromEntries(stacks.map(({ stack, result }) => [stack, result]));
}
