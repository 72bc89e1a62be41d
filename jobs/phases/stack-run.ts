import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentSessions } from "../../adapters/aws/sessions.ts";
import { cacheIn } from "../../adapters/cache/entry.ts";
import type { SynthesizedStack } from "../../adapters/synth/manifest.ts";
import { boundsOf } from "../../adapters/synth/refusals/bounds.ts";
import { writeCliConfig } from "../../adapters/terraform/cli-config.ts";
import { pinnedProviders } from "../../adapters/terraform/pinned-providers.ts";
import { refuseModules } from "../../adapters/terraform/refuse-modules.ts";
import { apply, init, plan } from "../../adapters/terraform/terraform.ts";
import { validate } from "../../adapters/terraform/validate.ts";
import type { LockName, StackWorkspace, TerraformTools } from "../../adapters/terraform/workspace.ts";
import { countChanges, noChanges, type PlanSummary } from "../../promotion/plan-summary.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";
import { noteDoubts } from "./doubts.ts";
import { writePlace } from "./journal.ts";
import { planGate } from "./plan-gate.ts";
import { failed, isShown, type StackEnd } from "./stack-end.ts";
import { stateWatchFor } from "./state-version.ts";
import type { BoundApp } from "./synth.ts";
import type { PhaseIo } from "./timed.ts";

/** What the runs of all stacks of a deployment share. */
export interface RunContext {
  readonly input: DeploymentInput;
  readonly io: PhaseIo;
  readonly terraform: TerraformTools;
  readonly lockName: LockName | undefined;
  /** Of this deployment: the caller's, or the end of the time the policy gives it. */
  readonly signal: AbortSignal;
  /** Milliseconds until the policy ends the deployment. */
  readonly timeLeft: () => number;
  /** Milliseconds before a first retry. */
  readonly backoff: number;
  /** The roles on AWS that the deployment may take; undefined: its binding names none. */
  readonly sessions: DeploymentSessions | undefined;
  /** Masks secrets in every text that leaves, the sessions' keys among them. */
  readonly redact: (text: string) => string;
  /** The file with the doubts about a stack. */
  readonly doubtsOf: (stack: string) => string;
}

/** A stack that was planned, or could not be. */
export type Planned = Ready | { readonly kind: "over"; readonly end: StackEnd };

export interface Ready {
  readonly kind: "ready";
  readonly workspace: StackWorkspace;
  readonly summary: PlanSummary;
}

export function terraformTools(
  { force }: Pick<DeploymentInput, "force">,
  { terraform, sandbox, variables, providerMirror, home }: DeploymentTools,
  credentials: TerraformTools["credentials"],
): TerraformTools {
  return {
    binary: terraform,
    sandbox,
    variables,
    providerMirror,
    providerCache: join(cacheIn(home), "providers"),
    credentials,
    initCache: join(cacheIn(home), "init"),
    freshInit: force,
  };
}

/** Makes the place in which a stack is run. */
export async function makeWorkspace(
  { name, directory }: SynthesizedStack,
  app: BoundApp,
  tryDirectory: string,
  context: Pick<RunContext, "input" | "lockName" | "sessions" | "terraform">,
): Promise<StackWorkspace> {
  const { terraform } = context;
  const { binding, repository, store } = context.input;
  const run = join(tryDirectory, "stacks", name);
  const states = stateDirectories(binding, repository.id);
  await Promise.all([run, ...states].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  const place = {
    directory: join(app.directory, directory),
    unsaved: join(store.directory, "unsaved", String(repository.id), `${name}.tfstate`),
    isLocal: binding.backend.type === "local",
  };
  await writePlace(run, place);
  const cliConfig = join(run, "terraform.rc");
  await writeCliConfig(cliConfig, terraform.providerMirror);
  return {
    ...place,
    stack: name,
    run,
    cliConfig,
    providers: await pinnedProviders(place.directory, terraform.binary),
    mounts: states.map((path) => ({ path, writable: true })),
    // In a bucket a lock is an object, and the plan role may write none.
    locksPlans: binding.backend.type !== "s3",
    lockName: context.lockName,
    watch: stateWatchFor(name, context),
  };
}

/** What a backend keeps on this machine. */
const stateDirectories = ({ backend }: DeploymentInput["binding"], repositoryId: number): string[] =>
  backend.type === "local" ? [join(backend.directory, String(repositoryId))] : [];

/** The failure of a stack's init, or of what it fetched; undefined when it went well. */
export async function initStack(
  workspace: StackWorkspace,
  context: RunContext,
): Promise<StackEnd | undefined> {
  context.io.progress({ phase: "init", stack: workspace.stack });
  try {
    await init(workspace, context.terraform, context.signal);
    await refuseModules(workspace, boundsOf(context.input.binding, context.input.foreignPlaces));
    return undefined;
  } catch (error) {
    return failed(workspace.stack, error, context.redact);
  }
}

/** To be called after init. */
export async function validateStack(workspace: StackWorkspace, context: RunContext): Promise<StackEnd> {
  const { stack } = workspace;
  context.io.progress({ phase: "validate", stack });
  try {
    await validate(workspace, context.terraform, context.signal);
    return { report: { stack, result: "valid", ...noChanges } };
  } catch (error) {
    return failed(stack, error, context.redact);
  }
}

export async function planStack(workspace: StackWorkspace, context: RunContext): Promise<Planned> {
  const { input, io, signal, terraform } = context;
  io.progress({ phase: "plan", stack: workspace.stack });
  try {
    const { lockTimeout } = input.policy;
    const summary = await planGate(() => plan(workspace, terraform, { signal, lockTimeout }));
    return { kind: "ready", workspace, summary };
  } catch (error) {
    return { kind: "over", end: failed(workspace.stack, error, context.redact) };
  }
}

export async function applyStack({ workspace, summary }: Ready, context: RunContext): Promise<StackEnd> {
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
    await noteDoubts(context.doubtsOf(stack), workspace.run);
    return failed(stack, error, context.redact, summary);
  }
}
