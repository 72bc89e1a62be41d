import { expect, test } from "vitest";
import { assertOutlives, durationFor, longestStep, outlives } from "../../../adapters/aws/lifetime.ts";

test.each([
  [10, 900],
  [900, 1_020],
  [1_800.5, 1_921],
  [longestStep, 3_600],
  [100_000, 3_600],
])("for a step of %d s a session of %d s is asked for", (step, duration) => {
  expect(durationFor(step)).toBe(duration);
});

test("a step is started only with keys that outlive it", () => {
  const expiresAt = 1_000_000;
  expect(outlives(expiresAt, 600, 400_000)).toBe(true);
  expect(outlives(expiresAt, 600, 400_001)).toBe(false);
  expect(() => assertOutlives(expiresAt, 600, 400_000)).not.toThrow();
  expect(() => assertOutlives(expiresAt, 600, 500_000)).toThrow(
    expect.objectContaining({ code: "session-too-short", message: expect.stringContaining("500 s more") }),
  );
});
