import { run } from "../process/run.ts";
import { type LockHolder, StateLocked } from "./lock-holder.ts";
import type { Told } from "./outcome.ts";
import { runStep, type StepOptions } from "./step.ts";
import { type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

export interface LockedStepOptions extends StepOptions {
  /** Seconds that another's lock is waited for. */
  readonly lockTimeout: number;
}

/**
 * Runs a step that locks the state. Elsewhere than in a file a lock outlives who took it: one whose holder was a
 * Terraform of this machine that is known to have ended is released, any other is waited for.
 * Errors: those of `runStep`, `StateLocked` among them.
 */
export async function runLocked(
  step: "plan" | "apply" | "push",
  args: readonly string[],
  workspace: StackWorkspace,
  tools: TerraformTools,
  options: LockedStepOptions,
): Promise<Told> {
  const patient = [`-lock-timeout=${options.lockTimeout}s`, ...args];
  if (workspace.lockName === undefined) return await runStep(step, patient, workspace, tools, options);
  try {
    // Without waiting, since no time frees a dead one's lock. What can't lock a state has not touched it.
    return await runStep(step, ["-lock-timeout=0s", ...args], workspace, tools, options);
  } catch (error) {
    if (!(error instanceof StateLocked)) throw error;
    if (await workspace.lockName.isOver(error.holder.who)) await unlock(error.holder, workspace, tools);
    return await runStep(step, patient, workspace, tools, options);
  }
}

/** Terraform does this only as long as the lock is still the one of this id. */
async function unlock({ id }: LockHolder, workspace: StackWorkspace, tools: TerraformTools): Promise<void> {
  const use = { lifetime: "worker", credentials: await tools.credentials?.("write") } as const;
  const command = await terraformCommand(["force-unlock", "-force", id], workspace, tools, use);
  await run(tools.sandbox.wrap(command), { timeout: 60_000, failure });
}

const failure = {
  code: "lock-not-released",
  source: "service",
  class: "transient",
  message: "The lock that a Terraform left behind could not be released",
  next: "Waymark tries again by itself.",
} as const;
