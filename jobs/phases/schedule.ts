import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { StackGraph } from "../../promotion/stack-graph.ts";

/** What came of a stack's turn: its end, or the wish for another turn after some milliseconds. */
export type Turn<End> =
  | { readonly kind: "over"; readonly end: End }
  | { readonly kind: "again"; readonly after: number };

/** Takes a stack's turn. `ends`: of all stacks that are over, those that it depends on among them. */
export type TakeTurn<End> = (stack: string, ends: ReadonlyMap<string, End>) => Promise<Turn<End>>;

export interface ScheduleOptions {
  /** How many stacks may have their turn at once. */
  readonly limit: number;
  /** Once aborted nobody waits for another turn: it is given at once. */
  readonly signal: AbortSignal;
}

/**
 * Gives each stack its turn as soon as all that it depends on are over, the longest chain first where places are
 * scarce. Who waits for another turn takes no place. Rejects with what a turn threw; then no turn is under way, and none
 * was begun since. Gives the ends, tier by tier.
 */
export async function schedule<End>(
  graph: StackGraph,
  takeTurn: TakeTurn<End>,
  { limit, signal }: ScheduleOptions,
): Promise<End[]> {
  const stacks = graph.tiers.flat();
  const waiting = new Set(stacks);
  const ends = new Map<string, End>();
  const pending = new Set<Promise<void>>();
  const stop = new AbortController();
  const resting = { signal: AbortSignal.any([signal, stop.signal]) };
  setMaxListeners(0, resting.signal);
  let busy = 0;

  function follow(work: Promise<void>): void {
    const followed = work.finally(() => pending.delete(followed));
    pending.add(followed);
  }
  async function turn(stack: string): Promise<void> {
    const result = await takeTurn(stack, ends).finally(() => {
      busy -= 1;
    });
    if (result.kind === "over") ends.set(stack, result.end);
    else follow(rest(stack, result.after));
  }
  async function rest(stack: string, after: number): Promise<void> {
    await delay(after, undefined, resting).catch(() => undefined);
    waiting.add(stack);
  }

  try {
    for (;;) {
      for (const stack of mostUrgent(waiting, ends, graph).slice(0, limit - busy)) {
        waiting.delete(stack);
        busy += 1;
        follow(turn(stack));
      }
      if (pending.size === 0) return stacks.flatMap((stack) => ends.get(stack) ?? []);
      await Promise.race(pending);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(pending);
  }
}

/** The stacks that may have their turn, those first that hold up the most. */
function mostUrgent(
  waiting: ReadonlySet<string>,
  ends: ReadonlyMap<string, unknown>,
  { dependencies, chains }: StackGraph,
): string[] {
  return [...waiting]
    .filter((stack) => dependencies.get(stack)?.every((needed) => ends.has(needed)))
    .sort((a, b) => (chains.get(b) ?? 0) - (chains.get(a) ?? 0) || (a < b ? -1 : 1));
}
