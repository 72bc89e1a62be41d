import { expect, test } from "vitest";
import { tookText } from "../../promotion/report/took.ts";

test("the phases follow the whole, but for those that took no time", () => {
  expect(tookText(1540, new Map())).toBe("Took 1.5 s.");
  const phases = new Map([
    ["checkout", 49],
    ["synth", 340],
    ["apply", 1200],
  ]);
  expect(tookText(1540, phases)).toBe("Took 1.5 s: synth 0.3 s, apply 1.2 s.");
});
