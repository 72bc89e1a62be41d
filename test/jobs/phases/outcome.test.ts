import { expect, test } from "vitest";
import { deadlineFor } from "../../../jobs/phases/deadline.ts";
import { endOf, isDone } from "../../../jobs/phases/outcome.ts";
import { failed, notRun, type StackEnd } from "../../../jobs/phases/stack-end.ts";
import { WaymarkError } from "../../../promotion/failure.ts";
import { noChanges } from "../../../promotion/plan-summary.ts";

const context = { input: { mode: "complete" }, redact: (text: string) => text } as const;
const going = deadlineFor(60, new AbortController().signal);
const over = deadlineFor(60, AbortSignal.abort());

const applied: StackEnd = { report: { stack: "base", result: "applied", ...noChanges } };

function broken(code: string, tries?: number): StackEnd {
  const error = new WaymarkError({ code, source: "user", message: "broken", next: "Mend it." });
  const { report, failure } = failed("above", error, context.redact);
  return { report: { ...report, ...(tries && { tries }) }, ...(failure && { failure }) };
}

test("a stack that had no turn before the deployment's end is not deployed, though nothing failed", () => {
  const ends = [applied, notRun("above", "the deployment was stopped before its turn came")];
  expect(isDone(ends, context.input)).toBe(false);
  expect(endOf(ends, context, over)).toMatchObject({ kind: "failed", failure: { code: "interrupted" } });
});

test.each([
  ["complete", true],
  ["incremental", true],
  ["whatif", false],
  ["validate", false],
] as const)("nothing is left to do: in mode %s that is all (%s)", (mode, expected) => {
  expect(isDone([applied], { mode })).toBe(expected);
});

test.each([
  ["what was tried as often as may help", broken("unclear", 1), true],
  ["what was never tried", broken("unclear"), false],
  ["a state that somebody else changed meanwhile", broken("plan-stale", 2), false],
  ["providers that somebody took away", broken("providers-lost", 2), false],
])("the same again is another deployment after %s", (_, end, exhausted) => {
  expect(endOf([applied, end], context, going)).toMatchObject({ kind: "failed", exhausted });
});
