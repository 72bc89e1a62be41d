import { expect, test } from "vitest";
import { noChanges } from "../../promotion/plan-summary.ts";
import { type StackLine, stackDetails } from "../../promotion/report/stacks.ts";

const line = (stack: string, result: StackLine["result"], more: Partial<StackLine> = {}): StackLine => ({
  stack,
  result,
  ...noChanges,
  ...more,
});

test("each stack has a row, with how often it was tried where that is more than once", () => {
  const details = stackDetails([line("a", "applied", { adds: 2, tries: 3 }), line("b", "skipped")]);
  expect(details).toContain("| `a` | applied, try 3 | 2 | 0 | 0 | 0 |  |");
  expect(details).toContain("| `b` | skipped | 0 | 0 | 0 | 0 |  |");
  expect(details).not.toContain("Postponed");
});

test.each([
  ["waiting", "waits for a decision"],
  ["pending", "pending upstream"],
  ["planned", "planned"],
] as const)("a stack that was not applied says why: %s", (result, shown) => {
  expect(stackDetails([line("a", result, { deletes: 1 })])).toContain(
    `| \`a\` | ${shown} | 0 | 0 | 0 | 1 |  |`,
  );
});

test("what was postponed is told in plain words", () => {
  const details = stackDetails([line("network", "postponed", { tries: 3, reason: "connection reset" })]);
  expect(details).toContain(
    "| `network` | postponed (neutral), try 3 | 0 | 0 | 0 | 0 | `connection reset` |",
  );
  expect(details).toMatch(/\*\*Postponed:\*\* `network` failed .* went on without it/);
});
