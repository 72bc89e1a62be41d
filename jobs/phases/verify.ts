import { readOutputs } from "../../adapters/terraform/outputs.ts";
import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import type { HealthCheck, VerifyCommand } from "../../promotion/policy.ts";
import type { StackReport } from "./deployment.ts";
import { waitForHealth } from "./health.ts";
import type { RunContext } from "./stack-run.ts";

/**
 * Checks what the policy declares after an apply: outputs, then addresses, then the repository's own command. Outputs
 * only when all stacks were run: what another one has was checked when that one was applied.
 * Errors: `output-missing`, `unhealthy` and `verification-failed` (user).
 */
export async function verify(
  reports: readonly StackReport[],
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
  runCommand: (verify: VerifyCommand) => Promise<void>,
): Promise<void> {
  const { policy, scope } = context.input;
  if (scope === undefined) await verifyOutputs(policy.outputs, reports, workspaces, context);
  await verifyHealth(policy.health, context.signal);
  if (policy.verify) await runCommand(policy.verify);
}

async function verifyHealth(health: readonly HealthCheck[], signal: AbortSignal): Promise<void> {
  const checks = await Promise.allSettled(health.map((check) => waitForHealth(check, signal)));
  const failed = checks.find((check) => check.status === "rejected");
  if (failed) throw failed.reason;
}

async function verifyOutputs(
  declared: readonly string[],
  reports: readonly StackReport[],
  workspaces: ReadonlyMap<string, StackWorkspace>,
  { terraform, signal }: RunContext,
): Promise<void> {
  const applied = reports.flatMap(({ outputs }) => outputs ?? []);
  const known = new Set(applied.map(({ name }) => name));
  if (declared.every((name) => known.has(name))) return;
  const unchanged = reports
    .filter(({ result }) => result === "unchanged" || result === "postponed")
    .map(({ stack }) => workspaces.get(stack));
  const read = unchanged.map((workspace) => (workspace ? readOutputs(workspace, terraform, signal) : []));
  for (const { name } of (await Promise.all(read)).flat()) known.add(name);
  const missing = declared.filter((name) => !known.has(name));
  if (missing.length > 0) throw outputMissing(missing);
}

function outputMissing(names: readonly string[]): WaymarkError {
  return new WaymarkError({
    code: "output-missing",
    source: "user",
    class: "code",
    message: `The policy declares outputs that no stack has after the apply: ${names.join(", ")}.`,
    next: "Add the output to a stack (with staticId: true, or its name gets a prefix), or take it out of the policy.",
  });
}
