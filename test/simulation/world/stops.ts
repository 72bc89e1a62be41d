import { createHash } from "node:crypto";
import type { RunInput } from "../../../jobs/verbs/deployment-runner.ts";
import { effectiveMode, type Mode } from "../../../promotion/mode.ts";
import type { Stop } from "../../../promotion/stop.ts";
import type { StackState } from "./terraform.ts";

/** The digest of what a plan would do to a stack: another one for each commit, and for each thing that is there. */
export function planDigest({ name, content }: Pick<StackState, "name" | "content">, commit: string): string {
  return createHash("sha256").update(`${name} ${content} ${commit}`).digest("hex");
}

export const modeOf = ({ attempt, policy }: Pick<RunInput, "attempt" | "policy">): Mode =>
  effectiveMode(attempt.mode, policy.mode);

export const approvalNeeded = (waits: readonly string[]): Stop => ({ ...stop("approval-needed"), waits });

export const stop = (code: Stop["code"]): Stop => ({ code, message: `It is ${code}.`, next: "Look." });
