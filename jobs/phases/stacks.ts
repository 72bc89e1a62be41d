import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import { retryAfter } from "../../promotion/recovery.ts";
import type { StackGraph } from "../../promotion/stack-graph.ts";
import { schedule, type TakeTurn } from "./schedule.ts";
import { applyStack, notRun, planStack, type RunContext, type StackEnd } from "./stack-run.ts";

/**
 * Plans, fences and applies all stacks, each as soon as those it depends on are applied. What fails for a passing
 * reason is tried again, it alone; what fails for good stops only the stacks that depend on it. Rejects with what the
 * fence threw and nothing else; then no apply is running.
 */
export async function runStacks(
  graph: StackGraph,
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
): Promise<StackEnd[]> {
  const { parallelism } = context.input.policy;
  const options = { limit: parallelism, signal: context.signal };
  return await schedule(graph, turnTaker(graph, workspaces, context), options);
}

function turnTaker(
  graph: StackGraph,
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
): TakeTurn<StackEnd> {
  const failures = new Map<string, readonly StackEnd[]>();
  return async (stack, ends) => {
    const workspace = workspaces.get(stack);
    if (!workspace) throw new Error(`stack ${stack} has no place to run in`);
    const earlier = failures.get(stack) ?? [];
    const obstacle = obstacleOf(stack, graph, ends, context.signal);
    if (obstacle !== undefined) return { kind: "over", end: earlier.at(-1) ?? notRun(stack, obstacle) };
    const end = counted(await runStack(workspace, context), earlier);
    const after = pauseAfter(end, earlier, context);
    if (after === undefined) return { kind: "over", end };
    failures.set(stack, [...earlier, end]);
    return { kind: "again", after };
  };
}

async function runStack(workspace: StackWorkspace, context: RunContext): Promise<StackEnd> {
  const planned = await planStack(workspace, context);
  if (planned.kind === "over") return planned.end;
  await context.io.fence();
  return await applyStack(planned, context);
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
  { input, io, signal, backoff, timeLeft }: RunContext,
): number | undefined {
  if (!failure || signal.aborted) return undefined;
  const before = earlier.flatMap((end) => end.failure?.class ?? []);
  const pause = retryAfter(failure.class, before, input.policy.retry, backoff);
  if (pause === undefined) return undefined;
  // Give or take half, so that what failed together is not tried again together.
  const after = pause * (0.5 + Math.random());
  if (after >= timeLeft()) return undefined;
  io.progress({ phase: "apply", stack: report.stack, waiting: after });
  io.log.warn(
    { stack: report.stack, tries: before.length + 1, after, failure },
    "a stack will be tried again",
  );
  return after;
}

/** What keeps a stack from being run: a stack it needs that has not succeeded, or the end of the deployment. */
function obstacleOf(
  stack: string,
  graph: StackGraph,
  ends: ReadonlyMap<string, StackEnd>,
  signal: AbortSignal,
): string | undefined {
  const missing = graph.dependencies.get(stack)?.find((needed) => {
    const result = ends.get(needed)?.report.result;
    return result !== "applied" && result !== "unchanged";
  });
  if (missing !== undefined) return `it needs ${missing}, which was not applied`;
  return signal.aborted ? "the deployment was stopped before its turn came" : undefined;
}
