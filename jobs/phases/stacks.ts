import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import type { StackGraph } from "../../promotion/stack-graph.ts";
import { schedule, type Turn } from "./schedule.ts";
import { applyStack, notRun, planStack, type RunContext, type StackEnd } from "./stack-run.ts";

/**
 * Plans, fences and applies all stacks, each as soon as those it depends on are applied. What fails stops only the
 * stacks that depend on it. Rejects with what the fence threw and nothing else; then no apply is running.
 */
export async function runStacks(
  graph: StackGraph,
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
): Promise<StackEnd[]> {
  const takeTurn = async (stack: string, ends: ReadonlyMap<string, StackEnd>): Promise<Turn<StackEnd>> => {
    const workspace = workspaces.get(stack);
    if (!workspace) throw new Error(`stack ${stack} has no place to run in`);
    const obstacle = obstacleOf(stack, graph, ends, context.signal);
    const end = obstacle === undefined ? await runStack(workspace, context) : notRun(stack, obstacle);
    return { kind: "over", end };
  };
  const { parallelism } = context.input.policy;
  return await schedule(graph, takeTurn, { limit: parallelism, signal: context.signal });
}

async function runStack(workspace: StackWorkspace, context: RunContext): Promise<StackEnd> {
  const planned = await planStack(workspace, context);
  if (planned.kind === "over") return planned.end;
  await context.io.fence();
  return await applyStack(planned, context);
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
