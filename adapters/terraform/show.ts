import { run } from "../process/run.ts";
import { type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

/**
 * The state of a stack as JSON, or a saved plan; sensitive values in the clear. Needs no signal: it also tells about a
 * step that was stopped. Error (service): `state-unreadable`.
 */
export async function show(
  file: readonly string[],
  workspace: StackWorkspace,
  tools: TerraformTools,
): Promise<unknown> {
  const use = { lifetime: "worker", credentials: await tools.credentials?.("read") } as const;
  const confined = await terraformCommand(["show", "-json", ...file], workspace, tools, use);
  const printed = await run(tools.sandbox.wrap(confined), { timeout: 60_000, outputLimit, failure });
  return JSON.parse(printed);
}

/** Bytes: a state shows all of its resources. */
const outputLimit = 256 * 1024 * 1024;

const failure = {
  code: "state-unreadable",
  source: "service",
  class: "transient",
  message: "Plan or state could not be shown",
  next: "Waymark tries again by itself.",
} as const;
