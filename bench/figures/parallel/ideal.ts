import type { StackWish } from "../../stage/bench-app.ts";

/**
 * How many steps a graph of stacks takes when each stack is one step, `slots` run side by side, and nothing costs
 * anything but the stacks themselves: those with the longest way behind them go first.
 */
export function idealSteps(stacks: Readonly<Record<string, StackWish>>, slots: number): number {
  const done = new Set<string>();
  let steps = 0;
  while (done.size < Object.keys(stacks).length) {
    const ready = Object.entries(stacks).filter(
      ([name, { needs = [] }]) => !done.has(name) && needs.every((need) => done.has(need)),
    );
    if (ready.length === 0) throw new Error("the stacks need each other in a circle");
    const urgent = ready.map(([name]) => name).sort((a, b) => wayBehind(b, stacks) - wayBehind(a, stacks));
    for (const name of urgent.slice(0, slots)) done.add(name);
    steps += 1;
  }
  return steps;
}

/** The length of the longest chain of stacks that begins with this one. */
function wayBehind(name: string, stacks: Readonly<Record<string, StackWish>>): number {
  const followers = Object.entries(stacks).filter(([, { needs = [] }]) => needs.includes(name));
  return 1 + Math.max(0, ...followers.map(([follower]) => wayBehind(follower, stacks)));
}
