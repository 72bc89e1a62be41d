import type { CoreResult } from "../../../core.ts";
import { applyPlan, type Installation, planStack, type RunnableStack } from "./stacks.ts";

/** Plans one stack, shows it, and applies it if it is approved. */
export async function applyStack(stack: RunnableStack, { tools }: Installation): Promise<CoreResult> {
  tools.report(`${stack.name}: planning`);
  const changes = await planStack(stack);
  if (changes === undefined) return "unchanged";
  if (!(await tools.approve(`${stack.name}:\n${changes}`))) return "declined";
  await applyPlan(stack);
  return "done";
}
