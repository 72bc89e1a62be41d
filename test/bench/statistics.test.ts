import { describe, expect, it } from "vitest";
import { median, quantile, ratios } from "../../bench/harness/statistics.ts";

describe("the median", () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9], 9.5],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  it("leaves its values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("a quantile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0, 1],
    [0.25, 25],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])("of %d is the value that so many do not exceed", (share, value) => {
    expect(quantile(hundred, share)).toBe(value);
  });

  it("of one value is that value", () => {
    expect([0, 0.5, 0.99, 1].map((share) => quantile([7], share))).toEqual([7, 7, 7, 7]);
  });
});

describe("ratios", () => {
  it("are taken pair by pair, not of the medians", () => {
    expect(ratios([1, 20, 3], [2, 10, 3])).toEqual([0.5, 2, 1]);
  });

  it("need a partner for each sample", () => {
    expect(() => ratios([1, 2], [1])).toThrow("without a partner");
  });
});
