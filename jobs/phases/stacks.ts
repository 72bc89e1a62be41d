import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import { hasChanges } from "../../promotion/plan-summary.ts";
import { retryAfter } from "../../promotion/recovery.ts";
import type { StackGraph } from "../../promotion/stack-graph.ts";
import type { StackReport } from "./deployment.ts";
import { postpone } from "./postpone.ts";
import type { Provisioning } from "./provisioning.ts";
import { questionAbout } from "./question.ts";
import { schedule, type TakeTurn } from "./schedule.ts";
import { notRun, pending, plannedOnly, type StackEnd, skipped } from "./stack-end.ts";
import { applyStack, planStack, type Ready, type RunContext } from "./stack-run.ts";
import type { BoundApp } from "./synth.ts";

/** The stacks of a deployment, ready to be run. */
export interface ReadyStacks {
  readonly app: BoundApp;
  readonly graph: StackGraph;
  readonly workspaces: ReadonlyMap<string, StackWorkspace>;
  readonly provisioning: Provisioning;
}

/**
 * Plans, fences and applies all stacks, each as soon as those it depends on are applied. What fails for a passing
 * reason is tried again, it alone; what fails for good stops only the stacks that depend on it. Rejects with what the
 * fence threw, or where the machine refuses a file; then no apply is running.
 */
export async function runStacks(stacks: ReadyStacks, context: RunContext): Promise<StackEnd[]> {
  const { parallelism } = context.input.policy;
  const options = { limit: parallelism, signal: context.signal };
  return await schedule(stacks.graph, turnTaker(stacks, context), options);
}

function turnTaker(stacks: ReadyStacks, context: RunContext): TakeTurn<StackEnd> {
  const failures = new Map<string, readonly StackEnd[]>();
  return async (stack, ends) => {
    const workspace = stacks.workspaces.get(stack);
    if (!workspace) throw new Error(`stack ${stack} has no place to run in`);
    const earlier = failures.get(stack) ?? [];
    const obstacle = obstacleOf(stack, stacks.graph, ends, context.signal);
    if (obstacle) return { kind: "over", end: earlier.at(-1) ?? obstacle };
    const end = counted(await runStack(workspace, stacks.provisioning, context, earlier), earlier);
    const after = pauseAfter(end, earlier, context);
    if (after === undefined)
      return { kind: "over", end: await settle(workspace, end, earlier, stacks, context) };
    failures.set(stack, [...earlier, end]);
    return { kind: "again", after };
  };
}

async function runStack(
  workspace: StackWorkspace,
  provisioning: Provisioning,
  context: RunContext,
  earlier: readonly StackEnd[],
): Promise<StackEnd> {
  const { stack } = workspace;
  const note = provisioning.skipped.get(stack) ?? (await provisioning.findUnchanged(stack));
  if (note) return skipped(stack, note);
  const isPreview = context.input.mode === "whatif";
  if (!isPreview) await provisioning.begin(stack);
  const planned = await planStack(workspace, context);
  if (planned.kind === "over") return planned.end;
  if (isPreview) return plannedOnly(stack, planned.summary);
  const end = await carryOut(planned, context, earlier);
  if (!end.failure && !end.question) await provisioning.finish(workspace);
  return end;
}

async function carryOut(
  planned: Ready,
  context: RunContext,
  earlier: readonly StackEnd[],
): Promise<StackEnd> {
  const { workspace, summary } = planned;
  const question = await questionAbout(planned, context, earlier);
  if (question) return plannedOnly(workspace.stack, summary, question);
  if (!hasChanges(summary) && !context.input.supersedes) return plannedOnly(workspace.stack, summary);
  await context.io.fence();
  return await applyStack(planned, context);
}

/** The end of a stack after its last try. */
async function settle(
  workspace: StackWorkspace,
  end: StackEnd,
  earlier: readonly StackEnd[],
  { app, provisioning }: ReadyStacks,
  context: RunContext,
): Promise<StackEnd> {
  if (!end.failure) return end;
  const lastOutputs = await provisioning.lastOutputs(workspace.stack);
  const tries = [...earlier, end];
  return (await postpone({ workspace, tries, lastOutputs }, app, context)) ?? end;
}

/** People want to know that something succeeded only now, or was not given up at once. */
function counted(end: StackEnd, earlier: readonly StackEnd[]): StackEnd {
  const tries = earlier.length + 1;
  return tries === 1 && !end.failure ? end : { ...end, report: { ...end.report, tries } };
}

/** Undefined: it succeeded, another try would not help, or it would come too late. */
function pauseAfter(
  { failure, report }: StackEnd,
  earlier: readonly StackEnd[],
  { input, io, signal, backoff, timeLeft, sessions }: RunContext,
): number | undefined {
  if (!failure || signal.aborted) return undefined;
  const before = earlier.flatMap((end) => end.failure ?? []);
  const pause = retryAfter(failure, before, input.policy.retry, backoff);
  if (pause === undefined) return undefined;
  // Give or take half, so that what failed together is not tried again together.
  const after = pause * (0.5 + Math.random());
  if (after >= timeLeft()) return undefined;
  if (failure.class === "credentials") sessions?.renew();
  io.progress({ phase: "apply", stack: report.stack, waiting: after });
  io.log.warn(
    { stack: report.stack, tries: before.length + 1, after, failure },
    "a stack will be tried again",
  );
  return after;
}

/** The end of a stack that can't be run: one it needs has not succeeded, or the deployment is over. */
function obstacleOf(
  stack: string,
  graph: StackGraph,
  ends: ReadonlyMap<string, StackEnd>,
  signal: AbortSignal,
): StackEnd | undefined {
  const needed = graph.dependencies.get(stack) ?? [];
  const find = (results: ReadonlySet<StackReport["result"] | undefined>) =>
    needed.find((name) => results.has(ends.get(name)?.report.result));
  const missing = find(stopping);
  if (missing !== undefined) {
    const waits = ends.get(missing)?.question !== undefined;
    return notRun(stack, `it needs ${missing}, which ${waits ? "waits for a decision" : "was not applied"}`);
  }
  const unsettled = find(unsettling);
  if (unsettled !== undefined) return pending(stack, unsettled);
  return signal.aborted ? notRun(stack, "the deployment was stopped before its turn came") : undefined;
}

const stopping = new Set<StackReport["result"] | undefined>([undefined, "failed", "not-run", "waiting"]);
const unsettling = new Set<StackReport["result"] | undefined>(["planned", "pending"]);
