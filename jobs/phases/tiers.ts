import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import type { StackGraph } from "../../promotion/stack-graph.ts";
import { mapConcurrently } from "./concurrency.ts";
import { applyStack, notRun, type Planned, planStack, type RunContext, type StackEnd } from "./stack-run.ts";

/**
 * Plans and applies all stacks, tier by tier: plan side by side, fence once, apply side by side. What fails stops only
 * the stacks that depend on it. Rejects with what the fence threw and nothing else; then no apply is running.
 */
export async function runTiers(
  graph: StackGraph,
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
): Promise<StackEnd[]> {
  const ends = new Map<string, StackEnd>();
  for (const tier of graph.tiers) {
    for (const end of await runTier(tier, graph, workspaces, context, ends)) ends.set(end.report.stack, end);
  }
  return [...ends.values()];
}

async function runTier(
  tier: readonly string[],
  graph: StackGraph,
  workspaces: ReadonlyMap<string, StackWorkspace>,
  context: RunContext,
  before: ReadonlyMap<string, StackEnd>,
): Promise<StackEnd[]> {
  const { parallelism } = context.input.policy;
  const planned = await mapConcurrently(tier, parallelism, async (stack): Promise<Planned> => {
    const workspace = workspaces.get(stack);
    const obstacle = obstacleOf(stack, graph, before);
    if (obstacle !== undefined || !workspace)
      return { kind: "over", end: notRun(stack, obstacle ?? "it has no place") };
    return await planStack(workspace, context);
  });
  if (planned.some((stack) => stack.kind === "ready")) await context.io.fence();
  return await mapConcurrently(planned, parallelism, async (stack) =>
    stack.kind === "over" ? stack.end : await applyStack(stack, context),
  );
}

/** What keeps a stack from being run: a stack it needs that has not succeeded. */
function obstacleOf(
  stack: string,
  graph: StackGraph,
  before: ReadonlyMap<string, StackEnd>,
): string | undefined {
  const missing = graph.dependencies.get(stack)?.find((needed) => {
    const result = before.get(needed)?.report.result;
    return result !== "applied" && result !== "unchanged";
  });
  return missing === undefined ? undefined : `it needs ${missing}, which was not applied`;
}
