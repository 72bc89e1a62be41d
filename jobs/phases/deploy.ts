import { join } from "node:path";
import type { VerifyCommand } from "../../promotion/policy.ts";
import { besideCopy } from "./bundle-copy.ts";
import { type Deadline, deadlineFor } from "./deadline.ts";
import type {
  DeploymentInput,
  DeploymentIo,
  DeploymentOutcome,
  DeploymentTools,
  Phase,
} from "./deployment.ts";
import { doubtsFile } from "./doubts.ts";
import { shareFence } from "./fence.ts";
import { writeJournal } from "./journal.ts";
import { lockNameFor } from "./lock-name.ts";
import { copyLogs } from "./log-copy.ts";
import { masked } from "./masked.ts";
import { endOf, failedWith, isDone, plansOf } from "./outcome.ts";
import { planDigest } from "./plan-digest.ts";
import { initStacks, prepareStacks, validateStacks } from "./prepare.ts";
import { forgetOldAttempts, makeTry, tidyTry } from "./run-directory.ts";
import { credentialsFor, type OpenSessions, openSessions } from "./sessions.ts";
import { type RunContext, terraformTools } from "./stack-run.ts";
import { type ReadyStacks, runStacks } from "./stacks.ts";
import { type BoundApp, makeApp, markAttempt, seal } from "./synth.ts";
import { type PhaseIo, timed } from "./timed.ts";
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
  const enter = (phase?: Phase) => writeJournal(directory, { ...journal, phase, settled: false });
  const opened = openSessions(input, tools);
  await enter();
  let outcome: DeploymentOutcome | undefined;
  try {
    outcome = await deployIn(directory, input, { ...io, enter }, opened, tools);
    return outcome;
  } finally {
    await writeJournal(directory, { ...journal, settled: true });
    await tidyTry(directory);
    await copyLogs(directory, { input, io, outcome, ...opened });
    await forgetOldAttempts(input.runDirectory);
  }
}

/** Before a first retry, in milliseconds. */
const defaultBackoff = 2000;

async function deployIn(
  directory: string,
  input: DeploymentInput,
  io: PhaseIo,
  { sessions, redact }: OpenSessions,
  tools: DeploymentTools,
): Promise<DeploymentOutcome> {
  const deadline = deadlineFor(input.policy.timeout, io.signal);
  const fence = shareFence(io);
  const context = {
    input,
    io: { ...io, fence: fence.pass },
    lockName: lockNameFor(input, directory, tools.sandbox),
    terraform: terraformTools(input, tools, credentialsFor(input, sessions, deadline, tools)),
    signal: deadline.signal,
    timeLeft: deadline.left,
    backoff: tools.backoff ?? defaultBackoff,
    sessions,
    redact,
    doubtsOf: (stack: string) => doubtsFile(tools.home, input.repository.id, input.environment, stack),
  };
  try {
    return masked(await runPhases(directory, context, tools, deadline), redact);
  } catch (error) {
    if (fence.refused(error)) throw error;
    return failedWith(deadline.failureOf(error), [], context);
  }
}

async function runPhases(
  directory: string,
  context: RunContext,
  tools: DeploymentTools,
  deadline: Deadline,
): Promise<DeploymentOutcome> {
  const { input, io } = context;
  const app = await makeApp(directory, context, tools);
  await io.begun();
  const ready = await prepareStacks(app, directory, context, tools);
  const begun = await timed("init", io, () => initStacks(ready, context));
  if (begun.some(({ failure }) => failure)) return endOf(begun, context, deadline);
  if (input.mode === "validate") {
    return endOf(await timed("validate", io, () => validateStacks(ready, context)), context, deadline);
  }
  const bundle = await seal(app, input);
  await markAttempt(app, input.attemptId);
  const command = verifyCommandRunner(app, directory, context, tools);
  const act = () => runSealed(bundle, ready, command, context, deadline);
  return input.mode === "whatif" ? await act() : await besideCopy(bundle, context, act);
}

/** From the first plan to the last probe. */
async function runSealed(
  bundle: string,
  ready: ReadyStacks,
  command: VerifyCommandRunner,
  context: RunContext,
  deadline: Deadline,
): Promise<DeploymentOutcome> {
  const { input, io } = context;
  const ends = await timed(input.mode === "whatif" ? "plan" : "apply", io, () => runStacks(ready, context));
  if (!isDone(ends, input)) return endOf(ends, context, deadline);
  const stacks = ends.map(({ report }) => report);
  try {
    await timed("verify", io, () => verify(stacks, ready.workspaces, context, command));
  } catch (error) {
    return failedWith(deadline.failureOf(error), ends, context);
  }
  return { kind: "applied", bundle, plan: planDigest(plansOf(ends)), stacks };
}

type VerifyCommandRunner = (command: VerifyCommand) => Promise<void>;

/** It runs in the checkout, or in the working copy of the bundle where there is none. */
function verifyCommandRunner(
  app: BoundApp,
  directory: string,
  { input, io, signal }: RunContext,
  tools: DeploymentTools,
): VerifyCommandRunner {
  const place = { directory: input.worktree ?? app.directory, scratch: join(directory, "verify"), signal };
  return async (command) => {
    if (input.worktree !== undefined) await io.checkout();
    await runVerifyCommand(command, place, input, tools);
  };
}
