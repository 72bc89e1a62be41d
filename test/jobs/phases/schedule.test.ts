import fc from "fast-check";
import { expect, test } from "vitest";
import { schedule, type Turn } from "../../../jobs/phases/schedule.ts";
import { arrangeStacks } from "../../../promotion/stack-graph.ts";
import { type Deferred, deferred } from "../../support/deferred.ts";

type Needs = Readonly<Record<string, readonly string[]>>;

const graphOf = (needs: Needs) =>
  arrangeStacks(Object.entries(needs).map(([name, dependencies]) => ({ name, dependencies })));
const never = new AbortController().signal;
const over = (end: string): Turn<string> => ({ kind: "over", end });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Runs a graph whose stacks take one unit of time each; gives what ran in each unit. */
async function play(needs: Needs, limit: number): Promise<string[][]> {
  const running = new Map<string, () => void>();
  const units: string[][] = [];
  const takeTurn = async (stack: string) => {
    await new Promise<void>((resolve) => running.set(stack, resolve));
    return over(stack);
  };
  const all = schedule(graphOf(needs), takeTurn, { limit, signal: never });
  for (await settled(); running.size > 0; await settled()) {
    const unit = [...running.values()];
    units.push([...running.keys()].sort());
    running.clear();
    for (const end of unit) end();
  }
  await all;
  return units;
}

const chain = (length: number): Needs =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [`c${index}`, index === 0 ? [] : [`c${index - 1}`]]),
  );
const independent = (count: number): Needs =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, []]));

test("the longest chain goes first: six stacks beside a chain of six take six units on five places", async () => {
  const units = await play({ ...independent(6), ...chain(6) }, 5);
  expect(units).toHaveLength(6);
  expect(units[0]).toContain("c0");
});

test("a stack waits for those it needs, and for no others", async () => {
  const needs = { network: [], slow: [], service: ["network"], alarms: ["service"] };
  const begun: string[] = [];
  const end = deferred();
  const takeTurn = async (stack: string, ends: ReadonlyMap<string, string>) => {
    begun.push(stack);
    if (stack === "slow") await end.promise;
    if (stack === "alarms") end.resolve();
    return over(`${stack} after ${[...ends.keys()].join(" ")}`);
  };
  const ends = await schedule(graphOf(needs), takeTurn, { limit: 5, signal: never });
  expect(begun).toEqual(["network", "slow", "service", "alarms"]);
  expect(ends).toContain("alarms after network service");
});

test("one place means one at a time", async () => {
  expect(await play(independent(3), 1)).toEqual([["a0"], ["a1"], ["a2"]]);
});

test("a place that becomes free is taken by one, while the others are still taken", async () => {
  const ends = new Map<string, Deferred<void>>();
  const takeTurn = async (stack: string) => {
    const end = deferred();
    ends.set(stack, end);
    await end.promise;
    return over(stack);
  };
  const all = schedule(graphOf(independent(4)), takeTurn, { limit: 2, signal: never });
  await settled();
  expect([...ends.keys()]).toEqual(["a0", "a1"]);
  ends.get("a0")?.resolve();
  await settled();
  expect([...ends.keys()]).toEqual(["a0", "a1", "a2"]);
  for (const stack of ["a1", "a2", "a3"]) {
    await settled();
    ends.get(stack)?.resolve();
  }
  expect(await all).toHaveLength(4);
});

test("whoever wants another turn takes no place meanwhile, and those that need it wait", async () => {
  const turns: string[] = [];
  const takeTurn = async (stack: string): Promise<Turn<string>> => {
    turns.push(stack);
    const again = stack === "flaky" && turns.filter((name) => name === "flaky").length < 3;
    return again ? { kind: "again", after: 1 } : over(stack);
  };
  const needs = { flaky: [], beside: [], above: ["flaky"] };
  const ends = await schedule(graphOf(needs), takeTurn, { limit: 1, signal: never });
  expect(turns).toEqual(["flaky", "beside", "flaky", "flaky", "above"]);
  expect(ends).toEqual(["beside", "flaky", "above"]);
});

test("an abort ends the waiting for another turn, however long it is", async () => {
  const controller = new AbortController();
  const takeTurn = async (): Promise<Turn<string>> => {
    if (controller.signal.aborted) return over("stopped");
    setImmediate(() => controller.abort());
    return { kind: "again", after: 3_600_000 };
  };
  const ends = await schedule(graphOf({ a: [] }), takeTurn, { limit: 1, signal: controller.signal });
  expect(ends).toEqual(["stopped"]);
});

test("what a turn throws begins no other; those under way end first, those at rest wait no longer", async () => {
  const lost = new Error("the world moved on");
  const slow = deferred();
  const seen: string[] = [];
  const takeTurn = async (stack: string): Promise<Turn<string>> => {
    if (stack === "lost") throw lost;
    if (stack === "rest") return { kind: "again", after: 3_600_000 };
    await slow.promise;
    seen.push(`${stack} ended`);
    return over(stack);
  };
  const needs = { lost: [], rest: [], slow: [], above: ["slow"] };
  const all = schedule(graphOf(needs), takeTurn, { limit: 5, signal: never }).catch((error: unknown) => {
    seen.push("rejected");
    return error;
  });
  await settled();
  expect(seen).toEqual([]);
  slow.resolve();
  expect(await all).toBe(lost);
  expect(seen).toEqual(["slow ended", "rejected"]);
});

test("no order is broken and no place overbooked, whatever the graph", async () => {
  const anyGraph = fc.array(fc.array(fc.nat(12), { maxLength: 3 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(anyGraph, fc.integer({ min: 1, max: 5 }), async (edges, limit) => {
      const needs: Needs = Object.fromEntries(
        edges.map((to, from) => [`s${from}`, to.filter((n) => n < from).map((n) => `s${n}`)]),
      );
      const units = await play(needs, limit);
      const unitOf = new Map(units.flatMap((unit, index) => unit.map((name) => [name, index] as const)));
      expect(unitOf.size).toBe(edges.length);
      expect(Math.max(...units.map((unit) => unit.length))).toBeLessThanOrEqual(limit);
      for (const [name, needed] of Object.entries(needs)) {
        for (const other of needed) expect(unitOf.get(other)).toBeLessThan(unitOf.get(name) ?? 0);
      }
    }),
    { numRuns: 50 },
  );
});
