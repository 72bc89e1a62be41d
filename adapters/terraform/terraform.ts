import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import { countChanges, type PlanSummary } from "../../promotion/plan-summary.ts";
import { conceal } from "./conceal.ts";
import { keptInit } from "./init-cache.ts";
import { keepLeftState, pushKeptState } from "./left-state.ts";
import { runLocked } from "./locked-step.ts";
import { assertComplete, outputsOf, planOf, type StackOutput } from "./outcome.ts";
import { runInit, runLinkedInit } from "./run-init.ts";
import { noteOrigin } from "./state-origin.ts";
import { runStep } from "./step.ts";
import { planFile, type StackWorkspace, type TerraformTools } from "./workspace.ts";

/** Makes the directory ready: backend, providers, modules. Nothing runs where it is known what would come of it. */
export async function init(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(join(workspace.run, "data"), { recursive: true, mode: 0o700 });
  const kept = tools.initCache === undefined ? undefined : await keptInit(tools.initCache, workspace, tools);
  if (!tools.freshInit && (await kept?.restore())) return;
  // Whoever trusts no cache asks the registry again.
  const run = tools.freshInit ? runInit : runLinkedInit;
  await run(workspace, tools, signal);
  await kept?.keep();
}

/**
 * Plans and saves the plan, once a state that an earlier apply could not store is stored. `lockTimeout`: seconds. Only
 * addresses and actions come back.
 */
export async function plan(
  workspace: StackWorkspace,
  tools: TerraformTools,
  options: { readonly signal: AbortSignal; readonly lockTimeout: number },
): Promise<PlanSummary> {
  await pushKeptState(workspace, tools, options);
  const args = [`-out=${planFile(workspace)}`];
  try {
    return planOf(
      workspace.locksPlans
        ? await runLocked("plan", args, workspace, tools, options)
        : await runStep("plan", ["-lock=false", ...args], workspace, tools, options),
    );
  } catch (error) {
    throw error instanceof WaymarkError ? await conceal(error, workspace, tools) : error;
  }
}

export interface ApplyOptions {
  readonly signal: AbortSignal;
  /** Seconds. */
  readonly lockTimeout: number;
  /** Told whenever a resource is done; `total` as planned. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Applies exactly the plan that was saved. Gives the stack's outputs.
 * Errors: what Terraform said, classified; `apply-incomplete` when it counts less or more than was planned;
 * `state-not-saved` when the new state could not be stored and is kept.
 */
export async function apply(
  workspace: StackWorkspace,
  summary: PlanSummary,
  tools: TerraformTools,
  options: ApplyOptions,
): Promise<StackOutput[]> {
  const { adds, changes, deletes, replaces } = countChanges(summary);
  const total = adds + changes + deletes + 2 * replaces;
  let done = 0;
  const onEvent = ({ type }: { readonly type: string }) => {
    if (type === "apply_complete") options.onProgress(++done, total);
  };
  await noteOrigin(workspace);
  const step = runLocked("apply", [planFile(workspace)], workspace, tools, { ...options, onEvent });
  const told = await step.catch(async (error: unknown) => {
    if (!(error instanceof WaymarkError)) throw error;
    const concealed = await conceal(error, workspace, tools);
    if (await keepLeftState(workspace)) await pushKeptState(workspace, tools, options);
    throw concealed;
  });
  assertComplete(workspace.stack, told, summary);
  return outputsOf(told);
}
