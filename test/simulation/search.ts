import { setImmediate } from "node:timers/promises";
import { type Outcome, playSeed } from "./history.ts";
import type { Bug } from "./planted/bugs.ts";

/** Seeds from `first` on, `count` of them. */
export interface Search {
  readonly first: number;
  readonly count: number;
  readonly bug?: Bug | undefined;
}

/** A history in which a promise was broken, and the seed it was made from. */
export interface Finding extends Outcome {
  readonly seed: number;
}

/** Plays history after history and gives those that break a promise. */
export async function* search({ first, count, bug }: Search): AsyncGenerator<Finding> {
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await playSeed(seed, { bug });
    if (outcome.violation) yield { seed, ...outcome };
    // Histories run without ever letting timers or messages through.
    if (seed % 64 === 0) await setImmediate();
  }
}

/** The first history that breaks a promise. */
export async function findFirst(wanted: Search): Promise<Finding | undefined> {
  for await (const finding of search(wanted)) return finding;
  return undefined;
}
