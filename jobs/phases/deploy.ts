import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Failure } from "../../promotion/failure.ts";
import { canonicalPlan, type PlanSummary } from "../../promotion/plan-summary.ts";
import type { VerifyCommand } from "../../promotion/policy.ts";
import { type Deadline, deadlineFor } from "./deadline.ts";
import type {
  DeploymentInput,
  DeploymentIo,
  DeploymentOutcome,
  DeploymentTools,
  Phase,
} from "./deployment.ts";
import { shareFence } from "./fence.ts";
import { writeJournal } from "./journal.ts";
import { initStacks, prepareStacks } from "./prepare.ts";
import { forgetOldAttempts, makeTry, tidyTry } from "./run-directory.ts";
import { type RunContext, type StackEnd, terraformTools } from "./stack-run.ts";
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
  const ready = await prepareStacks(app, directory, context, tools);
  const broken = await timed("init", io, () => initStacks(ready, context));
  if (broken.some(({ failure }) => failure)) return outcomeOf(broken, deadline, tools);
  const bundle = await seal(app, input);
  await markAttempt(app, input.attemptId);
  const ends = await timed("apply", io, () => runStacks(ready, context));
  if (ends.some(({ failure }) => failure)) {
    return { ...outcomeOf(ends, deadline, tools), exhausted: !deadline.signal.aborted };
  }
  const stacks = ends.map(({ report }) => report);
  try {
    const command = verifyCommandRunner(app, directory, context, tools);
    await timed("verify", io, () => verify(stacks, ready.workspaces, context, command));
  } catch (error) {
    return failedWith(deadline.failureOf(error), ends, tools);
  }
  return { kind: "applied", bundle, plan: planDigest(ends), stacks };
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

/** It runs in the checkout, or in the working copy of the bundle where there is none. */
function verifyCommandRunner(
  app: BoundApp,
  directory: string,
  { input, signal }: RunContext,
  tools: DeploymentTools,
): (command: VerifyCommand) => Promise<void> {
  const place = { directory: input.worktree ?? app.directory, scratch: join(directory, "verify"), signal };
  return async (command) => await runVerifyCommand(command, place, input, tools);
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
