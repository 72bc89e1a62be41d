import { playHistory } from "./history.ts";
import { readableLog } from "./log.ts";
import type { Bug } from "./planted/bugs.ts";
import { type Finding, findFirst, type Search } from "./search.ts";
import { shrink } from "./shrink.ts";
import type { History } from "./step.ts";
import { readable } from "./story.ts";

/** A finding as people read it: the shortest history found that breaks the same promise, step by step. */
export async function explain({ seed, history, violation }: Finding, bug?: Bug): Promise<string> {
  const breaksTheSame = async (shorter: History): Promise<boolean> =>
    (await playHistory(shorter, { bug })).violation?.promise === violation?.promise;
  const shortest = await shrink(history, breaksTheSame);
  const lines: string[] = [];
  const tell = (line: string): void => void lines.push(readable(line));
  const told = await playHistory(shortest, { bug, tell, log: readableLog(tell) });
  const planted = bug === undefined ? "" : ` --bug ${bug}`;
  return [
    `Seed ${seed} breaks a promise (${history.steps.length} steps, shrunk to ${shortest.steps.length}):`,
    ...lines.map((line) => `  ${line}`),
    `BROKEN: ${readable(told.violation?.message ?? "")}`,
    `Again: npm run simulate -- --count 1 --seed ${seed} --trace${planted}`,
  ].join("\n");
}

/** The story of the first history that breaks a promise, if there is one. */
export async function storyOfFirst(wanted: Search): Promise<string> {
  const finding = await findFirst(wanted);
  return finding ? await explain(finding, wanted.bug) : "every promise was kept";
}
