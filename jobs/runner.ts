import type { Logger } from "pino";
import { logsPrefix } from "../adapters/aws/log-keys.ts";
import { removeTree } from "../adapters/process/remove-tree.ts";
import { placeOf } from "../adapters/registry/places.ts";
import { effectiveMode } from "../promotion/mode.ts";
import { logsText } from "../promotion/report/logs.ts";
import { paragraphs } from "../promotion/report/markdown.ts";
import { type Remark, remarksText } from "../promotion/report/remarks.ts";
import { confinementText, progressText, stackDetails } from "../promotion/report/stacks.ts";
import { tookText } from "../promotion/report/took.ts";
import { createCheckout } from "./checkout.ts";
import { adoptRunning, leftTries } from "./phases/adopt-running.ts";
import { isBundleGone } from "./phases/bundle-copy.ts";
import { deploy } from "./phases/deploy.ts";
import type {
  DeploymentIo,
  DeploymentOutcome,
  DeploymentProgress,
  DeploymentTools,
  Phase,
} from "./phases/deployment.ts";
import { runDirectory } from "./phases/run-directory.ts";
import { createTidy, type Limits } from "./tidy.ts";
import type { DeploymentRunner, RunHooks, RunInput, RunOutcome } from "./verbs/deployment-runner.ts";

/** Runs the phases on this machine. `signal`: aborted when the worker must stop at once. */
export function createRunner(
  tools: DeploymentTools,
  limits: Limits,
  signal: AbortSignal,
  log: Logger,
): DeploymentRunner {
  return {
    tidy: createTidy(tools.home, limits, log),
    run: async (input, hooks) => {
      const stop = AbortSignal.any([signal, hooks.lost]);
      try {
        const outcome = await runOnce(input, await afterOthers(input, hooks, tools, log), tools, stop, log);
        await hooks.begun();
        return outcome;
      } catch (error) {
        if (hooks.lost.aborted) await removeTree(common(input, tools).runDirectory);
        throw error;
      }
    },
  };
}

/**
 * The hooks of a run that begins only when nothing is left of earlier ones. What is known to be left is waited for at
 * once: that may take long, and is not the deployment's own time.
 */
async function afterOthers(
  { session, attempt: { environment, owner } }: RunInput,
  hooks: RunHooks,
  { home }: DeploymentTools,
  log: Logger,
): Promise<RunHooks> {
  const { repositoryId } = session.target;
  const mine = runDirectory(home, repositoryId, environment, owner);
  const adopt = async (): Promise<void> => {
    await hooks.begun();
    const leftovers = await adoptRunning(home, repositoryId, environment, mine);
    if (leftovers.length > 0) log.info({ leftovers }, "an earlier worker's Terraform has ended");
  };
  const left = await leftTries(home, repositoryId, environment);
  // Goes on beside synth; whoever plans asks how it ended.
  const begun = adopt();
  begun.catch(() => undefined);
  if (left.length > 0) {
    log.warn({ left }, "an earlier worker ended in the middle of a deployment");
    await begun;
  }
  return { ...hooks, begun: () => begun };
}

async function runOnce(
  input: RunInput,
  hooks: RunHooks,
  tools: DeploymentTools,
  signal: AbortSignal,
  log: Logger,
): Promise<RunOutcome> {
  const elapsed = startWatch();
  const phases = new Map<Phase, number>();
  const { begun, fence } = hooks;
  const remarks: Remark[] = [];
  const io: DeploymentIo = {
    begun,
    fence,
    progress: progressShower(hooks, elapsed),
    took: (phase, milliseconds) => void phases.set(phase, (phases.get(phase) ?? 0) + milliseconds),
    checkout: async () => undefined,
    remark: (remark) => void remarks.push(remark),
    signal,
    log,
  };
  const stored = input.bundle === undefined ? undefined : await runBundle(input, io, tools);
  const outcome = stored ?? (await runCommit(input, io, tools));
  const details = paragraphs(
    stackDetails(outcome.stacks),
    remarksText(remarks),
    logsOf(input, outcome),
    tookText(elapsed(), phases),
    confinementText(tools.sandbox.kind),
  );
  if (outcome.kind === "failed")
    return { result: "failed", failure: outcome.failure, exhausted: outcome.exhausted, details };
  if (outcome.kind === "stopped") return { result: "stopped", stop: outcome.stop, details };
  const { bundle, plan, stacks } = outcome;
  const postponed = stacks.filter(({ result }) => result === "postponed").map(({ stack }) => stack);
  return { result: "applied", bundle, plan, postponed, details };
}

/** Where the logs of what ran went; those on this machine are nobody's to open who reads a check run. */
function logsOf({ session, attempt }: RunInput, { stacks }: DeploymentOutcome): string {
  const { artifacts } = session.binding;
  if (artifacts.type !== "s3" || stacks.length === 0) return "";
  const { owner, environment } = attempt;
  return logsText(`${placeOf(artifacts)}/${logsPrefix(owner)}`, [session.fullName, environment, owner]);
}

/** Undefined: the sealed bytes are gone or damaged, so the commit has to be synthesized again. */
async function runBundle(
  input: RunInput,
  io: DeploymentIo,
  tools: DeploymentTools,
): Promise<DeploymentOutcome | undefined> {
  const { bundle } = input;
  const sealed = { ...common(input, tools), worktree: undefined, tree: undefined, bundle };
  const outcome = await deploy(sealed, io, tools);
  if (outcome.kind !== "failed" || !isBundleGone(outcome.failure)) return outcome;
  io.log.warn({ bundle, failure: outcome.failure }, "synthesizing again");
  io.remark({ kind: "bundle-gone", reason: outcome.failure.message });
  return undefined;
}

async function runCommit(
  input: RunInput,
  io: DeploymentIo,
  tools: DeploymentTools,
): Promise<DeploymentOutcome> {
  const fields = common(input, tools);
  const { git } = input.session;
  const { worktree, tree, checkout } = createCheckout(git, fields.commit, fields.runDirectory);
  const commit = { ...fields, worktree, tree: await tree(), bundle: undefined };
  return await deploy(commit, { ...io, checkout }, tools);
}

function common({ session, attempt, number, policy }: RunInput, { home }: DeploymentTools) {
  const [owner = "", name = ""] = session.fullName.split("/");
  const { repositoryId } = session.target;
  return {
    attemptId: attempt.owner,
    number,
    repository: { id: repositoryId, owner, name },
    environment: attempt.environment,
    commit: attempt.commit,
    binding: session.binding,
    store: session.store,
    foreignPlaces: session.foreignPlaces,
    policy,
    mode: effectiveMode(attempt.mode, policy.mode),
    force: attempt.force ?? policy.force,
    approved: new Set(attempt.approved),
    scope: attempt.scope,
    // A person's wish is told by its event; one that came without any is this attempt's alone.
    asked: attempt.requestedBy && (attempt.event ?? attempt.owner),
    supersedes: attempt.supersedes !== undefined,
    runDirectory: runDirectory(home, repositoryId, attempt.environment, attempt.owner),
  };
}

/** Gives the milliseconds since now. */
function startWatch(): () => number {
  const began = performance.now();
  return () => performance.now() - began;
}

/** Turns the phases' events into what a check run shows. */
function progressShower(hooks: RunHooks, elapsed: () => number): (event: DeploymentProgress) => void {
  const stacks = new Map<string, string>();
  return (event) => {
    if (event.stack !== undefined) stacks.set(event.stack, stateOf(event));
    hooks.progress(progressText(event.phase, stacks, elapsed()));
  };
}

function stateOf({ phase, done, total, waiting }: DeploymentProgress): string {
  if (waiting !== undefined) return `failed, tried again in ${Math.ceil(waiting / 1000)} s`;
  return total === undefined ? phase : `${phase}, ${done ?? 0} of ${total} done`;
}
