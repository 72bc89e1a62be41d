import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeCliConfig } from "../../adapters/terraform/cli-config.ts";
import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import type { Failure } from "../../promotion/failure.ts";
import { canonicalPlan, type PlanSummary } from "../../promotion/plan-summary.ts";
import type { VerifyCommand } from "../../promotion/policy.ts";
import { arrangeStacks, assertKnown, type StackGraph } from "../../promotion/stack-graph.ts";
import { mapConcurrently } from "./concurrency.ts";
import { type Deadline, deadlineFor } from "./deadline.ts";
import type {
  DeploymentInput,
  DeploymentIo,
  DeploymentOutcome,
  DeploymentTools,
  Phase,
} from "./deployment.ts";
import { shareFence } from "./fence.ts";
import { fileDigests } from "./input-digest.ts";
import { writeJournal } from "./journal.ts";
import { type Provisioning, prepareProvisioning } from "./provisioning.ts";
import { forgetOldAttempts, makeTry, tidyTry } from "./run-directory.ts";
import {
  initStack,
  makeWorkspace,
  notRun,
  type RunContext,
  type StackEnd,
  terraformTools,
} from "./stack-run.ts";
import { runStacks } from "./stacks.ts";
import { type BoundApp, makeApp, markAttempt, seal } from "./synth.ts";
import { verify } from "./verify.ts";
import { runVerifyCommand } from "./verify-command.ts";

/**
 * Brings an environment to a commit: synth, then plan, fence and apply per stack, then verify. Every failure of the app,
 * of Terraform or of the machine is an outcome; it rejects only with what `io.fence()` threw. When it settles, no
 * process of this deployment is running any more.
 */
export async function deploy(
  input: DeploymentInput,
  io: DeploymentIo,
  tools: DeploymentTools,
): Promise<DeploymentOutcome> {
  const directory = await makeTry(input.runDirectory);
  const { attemptId, repository, environment, commit } = input;
  const journal = { attemptId, repositoryId: repository.id, environment, commit };
  await writeJournal(directory, { ...journal, settled: false });
  try {
    return await deployIn(directory, input, io, tools);
  } finally {
    await writeJournal(directory, { ...journal, settled: true });
    await tidyTry(directory);
    await forgetOldAttempts(input.runDirectory);
  }
}

/** Before a first retry, in milliseconds. */
const defaultBackoff = 2000;

async function deployIn(
  directory: string,
  input: DeploymentInput,
  io: DeploymentIo,
  tools: DeploymentTools,
): Promise<DeploymentOutcome> {
  const deadline = deadlineFor(input.policy.timeout, io.signal);
  const fence = shareFence(io);
  const context = {
    input,
    io: { ...io, fence: fence.pass },
    terraform: terraformTools(tools),
    signal: deadline.signal,
    timeLeft: deadline.left,
    backoff: tools.backoff ?? defaultBackoff,
    redact: tools.redact,
  };
  try {
    return await runPhases(directory, context, tools, deadline);
  } catch (error) {
    if (fence.refused(error)) throw error;
    return failedWith(deadline.failureOf(error), [], tools);
  }
}

async function runPhases(
  directory: string,
  context: RunContext,
  tools: DeploymentTools,
  deadline: Deadline,
): Promise<DeploymentOutcome> {
  const { input, io, signal } = context;
  const app = await timed("synth", io, () => makeApp(input, directory, tools, signal));
  const graph = arrangeStacks(app.manifest.stacks, input.policy.dependsOn);
  const workspaces = await makeWorkspaces(app, directory, context, tools);
  const files = await fileDigests(app, provisioningStacks(graph, input), input, tools);
  const provisioning = await prepareProvisioning({ app, graph, files, workspaces, context });
  const broken = await timed("init", io, () => initStacks(workspaces, provisioning, context));
  if (broken.some(({ failure }) => failure)) return outcomeOf(broken, deadline, tools);
  const bundle = await seal(app, input);
  await markAttempt(app, input.attemptId);
  const ends = await timed("apply", io, () => runStacks({ app, graph, workspaces, provisioning }, context));
  if (ends.some(({ failure }) => failure)) {
    return { ...outcomeOf(ends, deadline, tools), exhausted: !deadline.signal.aborted };
  }
  const stacks = ends.map(({ report }) => report);
  try {
    const place = {
      directory: input.worktree ?? app.directory,
      scratch: join(directory, "verify"),
      signal,
    };
    const runCommand = (command: VerifyCommand) => runVerifyCommand(command, place, input, tools);
    await timed("verify", io, () => verify(stacks, workspaces, context, runCommand));
  } catch (error) {
    return failedWith(deadline.failureOf(error), ends, tools);
  }
  return { kind: "applied", bundle, plan: planDigest(ends), stacks };
}

/** Error (user): `stack-unknown`. */
function provisioningStacks({ dependencies }: StackGraph, { policy }: DeploymentInput): ReadonlySet<string> {
  assertKnown(Object.keys(policy.stacks), new Set(dependencies.keys()), "stacks in the policy");
  const stacks = Object.entries(policy.stacks).filter(([, { kind }]) => kind === "provision");
  return new Set(stacks.map(([name]) => name));
}

async function makeWorkspaces(
  app: BoundApp,
  directory: string,
  { input }: RunContext,
  { providerMirror }: DeploymentTools,
): Promise<ReadonlyMap<string, StackWorkspace>> {
  await writeCliConfig(join(directory, "terraform.rc"), providerMirror);
  const workspaces = app.manifest.stacks.map((stack) => makeWorkspace(stack, app, directory, input));
  return new Map((await Promise.all(workspaces)).map((workspace) => [workspace.stack, workspace]));
}

/** All stacks before any is planned: what can't be initialised fails before anything has changed. */
async function initStacks(
  workspaces: ReadonlyMap<string, StackWorkspace>,
  { skipped }: Provisioning,
  context: RunContext,
): Promise<StackEnd[]> {
  return await mapConcurrently(
    [...workspaces.values()].filter(({ stack }) => !skipped.has(stack)),
    context.input.policy.parallelism,
    async (workspace) => {
      const failed = await initStack(workspace, context);
      return (
        failed ??
        notRun(workspace.stack, "nothing was applied, because another stack could not be initialised")
      );
    },
  );
}

/** How long each phase takes is the first question when a deployment is slow. */
async function timed<T>(phase: Phase, { log, progress }: DeploymentIo, task: () => Promise<T>): Promise<T> {
  const start = performance.now();
  progress({ phase });
  try {
    return await task();
  } finally {
    log.info({ phase, milliseconds: Math.round(performance.now() - start) }, "phase over");
  }
}

type Failed = Extract<DeploymentOutcome, { kind: "failed" }>;

/** The outcome of stacks of which at least one failed. */
function outcomeOf(ends: readonly StackEnd[], deadline: Deadline, tools: DeploymentTools): Failed {
  const failure = ends.find((end) => end.failure)?.failure;
  if (!failure || deadline.signal.aborted) return failedWith(deadline.failureOf(failure), ends, tools);
  return failedWith(failure, ends, tools);
}

function failedWith(failure: Failure, ends: readonly StackEnd[], { redact }: DeploymentTools): Failed {
  const redacted = { ...failure, message: redact(failure.message) };
  return { kind: "failed", failure: redacted, exhausted: false, stacks: ends.map(({ report }) => report) };
}

function planDigest(ends: readonly StackEnd[]): string {
  const plans = ends.flatMap(({ report }): [string, PlanSummary][] =>
    report.plan ? [[report.stack, report.plan]] : [],
  );
  return createHash("sha256")
    .update(canonicalPlan(new Map(plans)))
    .digest("hex");
}
