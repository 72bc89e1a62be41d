import fc from "fast-check";
import { expect, test } from "vitest";
import { arrangeStacks, subgraph } from "../../promotion/stack-graph.ts";

const stack = (name: string, ...dependencies: string[]) => ({ name, dependencies });

test("stacks without dependencies share one tier, in the order of their names", () => {
  expect(arrangeStacks([stack("b"), stack("a")]).tiers).toEqual([["a", "b"]]);
});

test("a stack comes after what it depends on, by the app or by the policy", () => {
  const stacks = [stack("service", "network"), stack("network"), stack("alarms")];
  const graph = arrangeStacks(stacks, { alarms: ["service"] });
  expect(graph.tiers).toEqual([["network"], ["service"], ["alarms"]]);
  expect(graph.dependencies.get("alarms")).toEqual(["service"]);
});

test("each stack tells how many must still run one after another from it on", () => {
  const stacks = [stack("a"), stack("b", "a"), stack("c", "b"), stack("d", "a"), stack("alone")];
  const { chains } = arrangeStacks(stacks, { c: ["d"] });
  expect(Object.fromEntries(chains)).toEqual({ a: 3, b: 2, c: 1, d: 2, alone: 1 });
});

test("a cycle is refused and spelled out, without what merely hangs on it", () => {
  const stacks = [stack("a", "b"), stack("b", "c"), stack("c", "b")];
  expect(() => arrangeStacks(stacks)).toThrow("b → c → b");
  expect(() => arrangeStacks([stack("a")], { a: ["a"] })).toThrow("a → a");
});

test.each([
  [[stack("a", "ghost")], {}, /stack a names the stack ghost/],
  [[stack("a")], { ghost: ["a"] }, /dependsOn .* ghost/],
  [[stack("a")], { a: ["ghost"] }, /dependsOn .* ghost/],
])("an unknown name is refused (%#)", (stacks, dependsOn, message) => {
  expect(() => arrangeStacks(stacks, dependsOn)).toThrow(message);
});

test("names like those of object properties are ordinary names", () => {
  expect(arrangeStacks([stack("constructor"), stack("toString", "constructor")]).tiers).toEqual([
    ["constructor"],
    ["toString"],
  ]);
});

test("every stack is placed once, and only after all it needs", () => {
  const anyGraph = fc.array(fc.array(fc.nat(20), { maxLength: 5 }), { maxLength: 20 });
  fc.assert(
    fc.property(anyGraph, (edges) => {
      const stacks = edges.map((to, from) =>
        stack(`s${from}`, ...to.filter((n) => n < from).map((n) => `s${n}`)),
      );
      const { tiers } = arrangeStacks(stacks);
      const tierOf = new Map(tiers.flatMap((tier, index) => tier.map((name) => [name, index] as const)));
      expect(tiers.flat().sort()).toEqual(stacks.map(({ name }) => name).sort());
      for (const { name, dependencies } of stacks) {
        for (const needed of dependencies) expect(tierOf.get(needed)).toBeLessThan(tierOf.get(name) ?? 0);
      }
    }),
  );
});

test("some of the stacks keep their order, also what a stack that is left out ordered", () => {
  const stacks = [stack("a"), stack("b", "a"), stack("c", "b"), stack("d", "c", "a"), stack("alone")];
  const graph = subgraph(arrangeStacks(stacks), new Set(["a", "d", "alone"]));
  expect(graph.tiers).toEqual([["a", "alone"], ["d"]]);
  expect(Object.fromEntries(graph.dependencies)).toEqual({ a: [], d: ["a"], alone: [] });
  expect(Object.fromEntries(graph.chains)).toEqual({ a: 2, d: 1, alone: 1 });
});

test("none of the stacks are an empty graph", () => {
  const { tiers, dependencies } = subgraph(arrangeStacks([stack("a")]), new Set());
  expect([tiers, dependencies.size]).toEqual([[], 0]);
});
