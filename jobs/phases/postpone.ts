import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { backendFor } from "../../adapters/synth/backend-block.ts";
import { type ConsumedOutputs, consumedOutputs } from "../../adapters/synth/consumed-outputs.ts";
import { stackFile } from "../../adapters/synth/manifest.ts";
import { readPlainFile } from "../../adapters/synth/plain-file.ts";
import { parseStack, type StackJson } from "../../adapters/synth/stack-json.ts";
import { digestOutputs, type OutputDigests } from "../../adapters/terraform/outputs.ts";
import type { StackWorkspace } from "../../adapters/terraform/workspace.ts";
import type { PlanSummary } from "../../promotion/plan-summary.ts";
import type { StackEnd } from "./stack-end.ts";
import type { RunContext } from "./stack-run.ts";
import type { BoundApp } from "./synth.ts";

/** What is known of a provisioning stack that goes on failing. */
export interface FailedProvision {
  readonly workspace: StackWorkspace;
  /** All its ends in this deployment, oldest first. */
  readonly tries: readonly StackEnd[];
  /** What its outputs held after its last success; undefined: not known. */
  readonly lastOutputs: OutputDigests | undefined;
}

/**
 * The end `postponed` for a stack that failed for a passing reason, when it does not stand in the way of the others: it
 * succeeded before, and every output that others read still holds what it held then and is left alone by its plan.
 * Undefined: it stops those that depend on it.
 */
export async function postpone(
  { workspace, tries, lastOutputs }: FailedProvision,
  app: BoundApp,
  context: RunContext,
): Promise<StackEnd | undefined> {
  const last = tries.at(-1);
  const plan = tries.findLast(({ report }) => report.plan !== undefined)?.report.plan;
  // What was recorded already, with these outputs, needs no plan to show that they would stay.
  const isKnown = plan !== undefined || context.input.scope !== undefined;
  if (last?.failure?.class !== "transient" || !isKnown || !lastOutputs) return undefined;
  const consumed = await consumedFrom(workspace.stack, app, context);
  const isSafe =
    (plan === undefined || isLeftAlone(consumed, plan)) &&
    (await stillHolds(consumed, lastOutputs, workspace, context));
  return isSafe ? { report: { ...last.report, result: "postponed" } } : undefined;
}

/** Bytes. */
const largestStack = 64 * 1024 * 1024;

async function consumedFrom(stack: string, app: BoundApp, { input }: RunContext): Promise<ConsumedOutputs> {
  const backend = backendFor(input.binding, input.repository.id, stack);
  const consumed = new Set<string>();
  for (const { name, directory } of app.manifest.stacks) {
    const stackJson = await readStack(name, join(app.directory, directory, stackFile));
    const read = stackJson ? consumedOutputs(stackJson, backend) : "all";
    if (read === "all") return "all";
    for (const output of read) consumed.add(output);
  }
  return consumed;
}

/** Undefined: what was applied there has put something else in its place. */
async function readStack(name: string, file: string): Promise<StackJson | undefined> {
  try {
    return parseStack((await readPlainFile(file, largestStack)) ?? "", name);
  } catch {
    return undefined;
  }
}

function isLeftAlone(consumed: ConsumedOutputs, { outputs }: PlanSummary): boolean {
  return consumed === "all" ? outputs.length === 0 : !outputs.some(({ name }) => consumed.has(name));
}

/** A failed apply may have written outputs already, in this attempt or in an earlier one. */
async function stillHolds(
  consumed: ConsumedOutputs,
  last: OutputDigests,
  workspace: StackWorkspace,
  context: RunContext,
): Promise<boolean> {
  const { input, terraform, signal } = context;
  try {
    const { outputs: now, attemptId } = await digestOutputs(workspace, terraform, signal);
    // An attempt that supersedes another one must have moved the state, or an older plan could still be applied.
    if (input.supersedes && attemptId !== input.attemptId) return false;
    if (consumed === "all") return isDeepStrictEqual(now, last);
    return [...consumed].every((name) => now[name] !== undefined && now[name] === last[name]);
  } catch {
    return false;
  }
}
