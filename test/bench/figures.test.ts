import { describe, expect, it } from "vitest";
import { fleetEnvironments, fleetRepositories } from "../../bench/figures/fleet/environments.ts";
import { mostWithinMinute } from "../../bench/figures/fleet/writes.ts";
import { seededRandom } from "../../bench/figures/large/random.ts";
import { idealSteps } from "../../bench/figures/parallel/ideal.ts";

describe("the ideal of a graph", () => {
  const free = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`free-${i}`, {}]));
  const chain = { a: {}, b: { needs: ["a"] }, c: { needs: ["b"] }, d: { needs: ["c"] } };

  it.each([
    ["12 free stacks, one at a time", free(12), 1, 12],
    ["12 free stacks, five at a time", free(12), 5, 3],
    ["a chain, five at a time", chain, 5, 4],
    ["a chain and free ones, two at a time", { ...free(4), ...chain }, 2, 4],
    ["a diamond", { a: {}, b: { needs: ["a"] }, c: { needs: ["a"] }, d: { needs: ["b", "c"] } }, 5, 3],
  ])("%s", (_, stacks, slots, steps) => {
    expect(idealSteps(stacks, slots)).toBe(steps);
  });

  it("is none of a circle", () => {
    expect(() => idealSteps({ a: { needs: ["b"] }, b: { needs: ["a"] } }, 2)).toThrow("circle");
  });
});

describe("writes within a minute", () => {
  const seconds = (...times: number[]) => times.map((time) => time * 1000);

  it.each([
    [[], 0],
    [[5], 1],
    [[0, 59, 61], 2],
    [[0, 30, 59], 3],
    [[0, 60], 1],
    [[0, 100, 101, 102, 300], 3],
  ])("at %j s are %d at most", (times, most) => {
    expect(mostWithinMinute(seconds(...times))).toBe(most);
  });
});

describe("seeded numbers", () => {
  const take = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, random);
  };

  it("are the same for the same seed, and others for another", () => {
    expect(take(1, 5)).toEqual(take(1, 5));
    expect(take(2, 5)).not.toEqual(take(1, 5));
  });

  it("are spread evenly from 0 to 1", () => {
    const numbers = take(1, 10_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const rare = numbers.filter((number) => number < 0.05).length;
    expect(Math.abs(rare - 500)).toBeLessThan(80);
  });
});

describe("the fleet", () => {
  it("is 200 environments of 50 repositories, 5 to an installation", () => {
    expect(new Set(fleetRepositories).size * fleetEnvironments.length).toBe(200);
    const owners = fleetRepositories.map((name) => name.split("/")[0]);
    expect(new Set(owners).size).toBe(10);
    for (const owner of owners) expect(owners.filter((one) => one === owner)).toHaveLength(5);
  });
});
