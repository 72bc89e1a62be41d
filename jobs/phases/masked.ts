import type { StackOutput } from "../../adapters/terraform/outcome.ts";
import type { PlanSummary } from "../../promotion/plan-summary.ts";
import type { DeploymentOutcome, StackReport } from "./deployment.ts";

type Redact = (text: string) => string;

/** What a deployment tells of its stacks, masked: an app may make names and outputs of whatever its scripts were given. */
export function masked(outcome: DeploymentOutcome, redact: Redact): DeploymentOutcome {
  return { ...outcome, stacks: outcome.stacks.map((report) => maskedReport(report, redact)) };
}

function maskedReport({ plan, outputs, ...report }: StackReport, redact: Redact): StackReport {
  return {
    ...report,
    ...(plan && { plan: maskedPlan(plan, redact) }),
    ...(outputs && { outputs: outputs.map((output) => maskedOutput(output, redact)) }),
  };
}

function maskedPlan({ resources, outputs }: PlanSummary, redact: Redact): PlanSummary {
  return {
    resources: resources.map((change) => ({ ...change, address: redact(change.address) })),
    outputs: outputs.map((change) => ({ ...change, name: redact(change.name) })),
  };
}

function maskedOutput({ name, value }: StackOutput, redact: Redact): StackOutput {
  const shown = typeof value === "string" ? redact(value) : value;
  return { name: redact(name), ...(shown !== undefined && { value: shown }) };
}
