import { expect, test } from "vitest";
import {
  canonicalPlan,
  countChanges,
  destructions,
  hasChanges,
  summarizePlan,
} from "../../promotion/plan-summary.ts";

test("a summary counts each kind of change, and a replacement as one", () => {
  const actions = ["create", "create", "update", "delete", "replace", "move"] as const;
  const summary = summarizePlan(
    actions.map((action, index) => ({ address: `a.b${index}`, action })),
    [],
  );
  expect(countChanges(summary)).toEqual({ adds: 2, changes: 1, deletes: 1, replaces: 1 });
});

test("only what is deleted or replaced is destroyed", () => {
  const actions = ["create", "update", "delete", "replace", "move", "import", "forget"] as const;
  const summary = summarizePlan(
    actions.map((action) => ({ address: `a.${action}`, action })),
    [],
  );
  expect(destructions(summary).map(({ address }) => address)).toEqual(["a.delete", "a.replace"]);
});

test("Waymark's own output is no change", () => {
  const own = { name: "waymark_attempt", action: "update" } as const;
  expect(hasChanges(summarizePlan([], [own]))).toBe(false);
  expect(hasChanges(summarizePlan([], [own, { name: "url", action: "update" }]))).toBe(true);
  expect(hasChanges(summarizePlan([{ address: "a.b", action: "move" }], [own]))).toBe(true);
});

test("the order in which Terraform tells changes makes no difference", () => {
  const [one, two] = [
    { address: "a.b", action: "create" } as const,
    { address: "a.c", action: "delete" } as const,
  ];
  const first = canonicalPlan(
    new Map([
      ["s", summarizePlan([one, two], [])],
      ["t", summarizePlan([one], [])],
    ]),
  );
  const second = canonicalPlan(
    new Map([
      ["t", summarizePlan([one], [])],
      ["s", summarizePlan([two, one], [])],
    ]),
  );
  expect(first).toBe(second);
});

test("an address can't pass for another stack, action or line", () => {
  const plan = (stack: string, address: string) =>
    canonicalPlan(new Map([[stack, summarizePlan([{ address, action: "create" }], [])]]));
  expect(plan("s", 'a["x\n[\\"s\\",\\"delete\\",\\"b\\"]"]').split("\n")).toHaveLength(1);
  expect(plan("s", "a b")).not.toBe(plan("s a", "b"));
});
