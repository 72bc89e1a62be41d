import { describe, expect, it } from "vitest";
import { playHistory, playSeed } from "./history.ts";
import { readableLog } from "./log.ts";
import { shrink } from "./shrink.ts";
import type { History, Step } from "./step.ts";

/** Owners of attempts are random by nature; nothing depends on them. */
const withoutNames = (line: string): string =>
  line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "owner");

async function storyOf(seed: number): Promise<{ history: History; lines: readonly string[] }> {
  const lines: string[] = [];
  const tell = (line: string): void => void lines.push(withoutNames(line));
  const { history } = await playSeed(seed, { tell, log: readableLog(tell) });
  return { history, lines };
}

describe("a history", () => {
  it.each([3, 14, 159, 2653])("is the same each time it is made from seed %i", async (seed) => {
    const once = await storyOf(seed);
    expect(await storyOf(seed)).toEqual(once);
    expect(once.lines.length).toBeGreaterThan(once.history.steps.length);
  });

  it("goes the same way when it is played from its steps", async () => {
    const { history, lines } = await storyOf(35);
    const again: string[] = [];
    const tell = (line: string): void => void again.push(withoutNames(line));
    await playHistory(history, { tell, log: readableLog(tell) });
    expect(again).toEqual(lines);
  });
});

describe("shrinking", () => {
  const wait = (seconds: number): Step => ({ do: "wait", seconds });
  const history: History = { environments: 1, steps: Array.from({ length: 40 }, (_, index) => wait(index)) };
  const has = (shorter: History, seconds: number): boolean =>
    shorter.steps.some((step) => step.do === "wait" && step.seconds === seconds);

  it("leaves exactly what the failure needs, in its order", async () => {
    const shortest = await shrink(history, async (shorter) => has(shorter, 7) && has(shorter, 31));
    expect(shortest).toEqual({ environments: 1, steps: [wait(7), wait(31)] });
  });

  it("leaves all of it when all of it is needed", async () => {
    const shortest = await shrink(history, async (shorter) => shorter.steps.length === 40);
    expect(shortest).toEqual(history);
  });
});
