import { openBareScript } from "../bare/script.ts";
import type { Stage } from "../stage/stage.ts";
import type { Memory } from "./step.ts";

/** Medians of the same run, in seconds. */
export interface Comparison {
  readonly mergeToTag: number;
  readonly bareScript: number;
  readonly ratio: number;
}

/** How long Waymark takes from merge to tag, against a script that does only what can't be left out. */
export async function compareWithBareScript(stage: Stage, memory: Memory): Promise<Comparison> {
  const script = await openBareScript(stage);
  try {
    const [first = "", ...commits] = await script.commits();
    await script.run(first);
    const samples: number[] = [];
    for (const commit of commits) samples.push(await script.run(commit));
    const [mergeToTag, bareScript] = [median(memory.mergeToTag), median(samples)];
    return { mergeToTag, bareScript, ratio: mergeToTag / bareScript };
  } finally {
    await script.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
