import type { History, Step } from "./step.ts";

/**
 * The shortest history found that still fails: drops ever smaller stretches of steps, as long as that leaves a failure.
 * What the rest of the steps mean depends on what went before, so a dropped stretch may also bring others to nothing.
 */
export async function shrink(
  history: History,
  stillFails: (history: History) => Promise<boolean>,
): Promise<History> {
  let steps = history.steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = nextSize(size)) {
    const shorter = await dropStretches(steps, size, (left) => stillFails({ ...history, steps: left }));
    // What was needed before may be superfluous now.
    if (size === 1 && shorter.length < steps.length) size = 2;
    steps = shorter;
  }
  return { ...history, steps };
}

const nextSize = (size: number): number => (size === 1 ? 0 : Math.ceil(size / 2));

async function dropStretches(
  steps: readonly Step[],
  size: number,
  stillFails: (left: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  let left = steps;
  for (let end = left.length; end > 0; end -= size) {
    const shorter = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
    if (await stillFails(shorter)) left = shorter;
  }
  return left;
}
