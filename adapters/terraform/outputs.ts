import { createHash } from "node:crypto";
import { z } from "zod";
import { attemptOutput } from "../../promotion/plan-summary.ts";
import { run } from "../process/run.ts";
import { type StackOutput, stackOutput } from "./outcome.ts";
import { type StackWorkspace, type TerraformTools, terraformCommand } from "./workspace.ts";

const outputSchema = z.record(
  z.string(),
  z.object({ sensitive: z.boolean().default(false), value: z.unknown().optional() }),
);

/** The outputs in the state of a stack that was not applied this time. Error (service): `outputs-unreadable`. */
export async function readOutputs(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<StackOutput[]> {
  const outputs = await showOutputs(workspace, tools, signal);
  return Object.entries(outputs).map(([name, output]) => stackOutput(name, output));
}

/** What a stack's outputs hold, without telling it: name → digest of the value, of a sensitive one too. */
export type OutputDigests = Readonly<Record<string, string>>;

/** What a state holds of its last apply. */
export interface HeldOutputs {
  readonly outputs: OutputDigests;
  /** The attempt that applied it; undefined: Waymark did not. */
  readonly attemptId: unknown;
}

/** Errors as `readOutputs`. */
export async function digestOutputs(
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<HeldOutputs> {
  const { [attemptOutput]: attempt, ...told } = await showOutputs(workspace, tools, signal);
  const digests = Object.entries(told).map(([name, output]) => [name, digest(output)] as const);
  return { outputs: Object.fromEntries(digests), attemptId: attempt?.value };
}

const digest = (output: unknown): string => createHash("sha256").update(JSON.stringify(output)).digest("hex");

async function showOutputs(workspace: StackWorkspace, tools: TerraformTools, signal: AbortSignal) {
  const use = { lifetime: "worker", credentials: await tools.credentials?.("read") } as const;
  const command = tools.sandbox.wrap(await terraformCommand(["output", "-json"], workspace, tools, use));
  return outputSchema.parse(JSON.parse(await run(command, { timeout: 60_000, signal, failure })));
}

const failure = {
  code: "outputs-unreadable",
  source: "service",
  class: "transient",
  message: "The outputs of a stack could not be read",
  next: "Waymark tries again by itself.",
} as const;
