import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SynthesizedStack } from "../../adapters/synth/manifest.ts";
import type { StackOutput } from "../../adapters/terraform/outcome.ts";
import { apply, init, plan } from "../../adapters/terraform/terraform.ts";
import type { StackWorkspace, TerraformTools } from "../../adapters/terraform/workspace.ts";
import { type Failure, toFailure } from "../../promotion/failure.ts";
import {
  attemptOutput,
  countChanges,
  hasChanges,
  noChanges,
  type PlanSummary,
} from "../../promotion/plan-summary.ts";
import type { DeploymentInput, DeploymentIo, DeploymentTools, StackReport } from "./deployment.ts";
import { writePlace } from "./journal.ts";
import type { ProvisionNote } from "./provision-note.ts";
import type { BoundApp } from "./synth.ts";

/** What the runs of all stacks of a deployment share. */
export interface RunContext {
  readonly input: DeploymentInput;
  readonly io: DeploymentIo;
  readonly terraform: TerraformTools;
  /** Of this deployment: the caller's, or the end of the time the policy gives it. */
  readonly signal: AbortSignal;
  /** Milliseconds until the policy ends the deployment. */
  readonly timeLeft: () => number;
  /** Milliseconds before a first retry. */
  readonly backoff: number;
  readonly redact: (text: string) => string;
}

/** A stack's report, with the failure behind it if it failed. */
export interface StackEnd {
  readonly report: StackReport;
  readonly failure?: Failure;
}

/** A stack that was planned: to be applied, or over already. */
export type Planned =
  | { readonly kind: "ready"; readonly workspace: StackWorkspace; readonly summary: PlanSummary }
  | { readonly kind: "over"; readonly end: StackEnd };

export function terraformTools({
  terraform,
  sandbox,
  variables,
  providerMirror,
  home,
}: DeploymentTools): TerraformTools {
  const initCache = join(home, "cache", "init");
  return { binary: terraform, sandbox, variables, providerMirror, initCache };
}

/** Makes the place in which a stack is run. */
export async function makeWorkspace(
  { name, directory }: SynthesizedStack,
  app: BoundApp,
  tryDirectory: string,
  { binding, repository }: DeploymentInput,
): Promise<StackWorkspace> {
  const run = join(tryDirectory, "stacks", name);
  const state = join(binding.backend.directory, String(repository.id));
  await Promise.all([run, state].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  const place = {
    directory: join(app.directory, directory),
    unsaved: join(binding.artifacts.directory, "unsaved", String(repository.id), `${name}.tfstate`),
  };
  await writePlace(run, place);
  return {
    stack: name,
    directory: place.directory,
    run,
    cliConfig: join(tryDirectory, "terraform.rc"),
    unsaved: place.unsaved,
    mounts: [{ path: state, writable: true }],
  };
}

/** The failure of a stack's init, undefined when it went well. */
export async function initStack(
  workspace: StackWorkspace,
  context: RunContext,
): Promise<StackEnd | undefined> {
  context.io.progress({ phase: "init", stack: workspace.stack });
  try {
    await init(workspace, context.terraform, context.signal);
    return undefined;
  } catch (error) {
    return failed(workspace, error, context);
  }
}

export async function planStack(workspace: StackWorkspace, context: RunContext): Promise<Planned> {
  const { input, io, signal, terraform } = context;
  io.progress({ phase: "plan", stack: workspace.stack });
  try {
    const { lockTimeout } = input.policy;
    const summary = await plan(workspace, terraform, { signal, lockTimeout });
    if (hasChanges(summary) || input.supersedes) return { kind: "ready", workspace, summary };
    const report = { stack: workspace.stack, result: "unchanged", ...noChanges, plan: summary } as const;
    return { kind: "over", end: { report } };
  } catch (error) {
    return { kind: "over", end: failed(workspace, error, context) };
  }
}

export async function applyStack(
  { workspace, summary }: Extract<Planned, { kind: "ready" }>,
  context: RunContext,
): Promise<StackEnd> {
  const { input, io, signal, terraform } = context;
  const { stack } = workspace;
  const onProgress = (done: number, total: number) => io.progress({ phase: "apply", stack, done, total });
  io.progress({ phase: "apply", stack });
  try {
    const { lockTimeout } = input.policy;
    const outputs = await apply(workspace, summary, terraform, { signal, lockTimeout, onProgress });
    const shown = outputs.filter(isShown);
    return { report: { stack, result: "applied", ...countChanges(summary), plan: summary, outputs: shown } };
  } catch (error) {
    return failed(workspace, error, context, summary);
  }
}

/** Whether an output is one that the app's author named. */
export function isShown({ name }: StackOutput): boolean {
  return name !== attemptOutput && !name.startsWith("cross-stack-output-");
}

function failed(
  { stack }: StackWorkspace,
  error: unknown,
  { redact }: RunContext,
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

/** A provisioning stack for which nothing has changed since its last success. */
export function skipped(stack: string, { outputs }: ProvisionNote): StackEnd {
  const named = Object.keys(outputs).map((name) => ({ name }));
  return { report: { stack, result: "skipped", ...noChanges, outputs: named.filter(isShown) } };
}
