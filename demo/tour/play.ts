import type { Stage } from "../stage/stage.ts";
import type { Memory, Step } from "./step.ts";

export interface PlayedStep {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly evidence: readonly string[];
}

/** Plays the steps one after another and tells of each; the first that fails is the last. */
export async function play(
  stage: Stage,
  steps: readonly Step[],
  tell: (line: string) => void,
): Promise<{ steps: readonly PlayedStep[]; memory: Memory }> {
  const memory: Memory = { commits: new Map(), mergeToTag: [] };
  const played: PlayedStep[] = [];
  for (const [index, step] of steps.entries()) {
    tell(`\n${index + 1}. ${step.name}`);
    const result = await playOne(stage, step, memory);
    for (const line of result.evidence) tell(`   ${result.ok ? "✓" : "✗"} ${line}`);
    tell(`   ${result.seconds.toFixed(1)} s`);
    played.push(result);
    if (!result.ok) break;
  }
  return { steps: played, memory };
}

async function playOne(stage: Stage, step: Step, memory: Memory): Promise<PlayedStep> {
  const began = Date.now();
  const ended = (ok: boolean, evidence: readonly string[]): PlayedStep => {
    const seconds = (Date.now() - began) / 1000;
    return { name: step.name, ok, seconds, evidence };
  };
  try {
    return ended(true, await step.play(stage, memory));
  } catch (error) {
    return ended(false, [error instanceof Error ? error.message : String(error)]);
  }
}
