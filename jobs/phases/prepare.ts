import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import { arrangeStacks, assertKnown, type StackGraph, subgraph } from "../../promotion/stack-graph.ts";
import { mapConcurrently } from "./concurrency.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";
import { fileDigests } from "./input-digest.ts";
import { prepareProvisioning } from "./provisioning.ts";
import { notRun, type StackEnd, skipped } from "./stack-end.ts";
import { initStack, makeWorkspace, type RunContext, validateStack } from "./stack-run.ts";
import type { ReadyStacks } from "./stacks.ts";
import type { BoundApp } from "./synth.ts";

/** Arranges the stacks, makes their places, and finds out which need not be run. Errors (user): of a wrong policy. */
export async function prepareStacks(
  app: BoundApp,
  directory: string,
  context: RunContext,
  tools: DeploymentTools,
): Promise<ReadyStacks> {
  const { input } = context;
  const graph = arrangeStacks(app.manifest.stacks, input.policy.dependsOn);
  const provisioned = provisioningStacks(graph, input);
  const wanted = input.scope === undefined ? graph : subgraph(graph, provisioned);
  const workspaces = await makeWorkspaces(app, directory, placesFor(wanted, graph), context);
  const files = await fileDigests(app, provisioned, tools);
  const provisioning = await prepareProvisioning({ app, graph, files, workspaces, context });
  return { app, graph: wanted, workspaces, provisioning };
}

/** Those that are run, and those whose outputs tell whether anything has changed for them. */
function placesFor(wanted: StackGraph, { dependencies }: StackGraph): ReadonlySet<string> {
  const stacks = wanted.tiers.flat();
  return new Set([...stacks, ...stacks.flatMap((stack) => dependencies.get(stack) ?? [])]);
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
  places: ReadonlySet<string>,
  context: RunContext,
): Promise<ReadonlyMap<string, StackWorkspace>> {
  const stacks = app.manifest.stacks.filter(({ name }) => places.has(name));
  const workspaces = stacks.map((stack) => makeWorkspace(stack, app, directory, context));
  return new Map((await Promise.all(workspaces)).map((workspace) => [workspace.stack, workspace]));
}

/** All stacks before any is planned: what can't be initialised fails before anything has changed. */
export async function initStacks(
  { workspaces, provisioning }: ReadyStacks,
  context: RunContext,
): Promise<StackEnd[]> {
  const needed = [...workspaces.values()].filter(({ stack }) => !provisioning.skipped.has(stack));
  return await mapConcurrently(needed, context.input.policy.parallelism, async (workspace) => {
    const failed = await initStack(workspace, context);
    return (
      failed ?? notRun(workspace.stack, "nothing was applied, because another stack could not be initialised")
    );
  });
}

/** All stacks, initialised before. Those for which nothing has changed were valid when they were applied. */
export async function validateStacks(
  { workspaces, provisioning }: ReadyStacks,
  context: RunContext,
): Promise<StackEnd[]> {
  return await mapConcurrently(
    [...workspaces.values()],
    context.input.policy.parallelism,
    async (workspace) => {
      const note = provisioning.skipped.get(workspace.stack);
      return note ? skipped(workspace.stack, note) : await validateStack(workspace, context);
    },
  );
}
