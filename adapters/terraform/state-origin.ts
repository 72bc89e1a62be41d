import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { digestOutputs } from "./outputs.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/** Tells of a remote state whether anybody has written it. */
export interface StateWatch {
  /** The attempt that asks. */
  readonly attemptId: string;
  /** Another text once anybody has written the state; null: there is none. `new`: with no keys that were used before. */
  version(keys?: "new"): Promise<string | null>;
}

/** Which version of a state an apply began from, and whose apply it was. */
export const originSchema = z.object({ version: z.string().nullable(), attemptId: z.string() });
export type StateOrigin = z.output<typeof originSchema>;

const originFile = (run: string): string => join(run, "origin.json");

/** Notes it before the apply begins: Terraform refuses the plan if anybody writes the state before that. */
export async function noteOrigin({ run, watch }: StackWorkspace): Promise<void> {
  if (watch === undefined) return;
  const origin: StateOrigin = { version: await watch.version(), attemptId: watch.attemptId };
  await writeFile(originFile(run), JSON.stringify(origin), { mode: 0o600 });
}

/** Undefined: nobody noted it. */
export async function readOrigin(run: string): Promise<StateOrigin | undefined> {
  const text = await readFile(originFile(run), "utf8").catch(() => undefined);
  return text === undefined ? undefined : originSchema.parse(JSON.parse(text));
}

/**
 * Whether somebody else has written the state since that apply began. Terraform can't tell: each time that it tries in vain
 * to store a state it raises the serial, beyond what somebody else stores meanwhile.
 */
export async function isOvertaken(
  origin: StateOrigin,
  workspace: StackWorkspace,
  tools: TerraformTools,
  signal: AbortSignal,
): Promise<boolean> {
  if (workspace.watch === undefined) return false;
  if ((await workspace.watch.version("new")) === origin.version) return false;
  // The apply itself stored what it had done so far, as long as it could.
  const { attemptId } = await digestOutputs(workspace, tools, signal);
  return attemptId !== origin.attemptId;
}
