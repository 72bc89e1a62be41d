import { expect, test } from "vitest";
import type { StackEnd } from "../../../jobs/phases/stack-end.ts";
import { stopOf } from "../../../jobs/phases/stop.ts";
import { noChanges } from "../../../promotion/plan-summary.ts";

const digest = "d".repeat(64);

const waiting = (stack: string, address: string): StackEnd => ({
  report: {
    stack,
    result: "waiting",
    ...noChanges,
    plan: { resources: [{ address, action: "delete" }], outputs: [] },
  },
  question: { about: "approval", digest },
});

const incremental = { mode: "incremental" } as const;

test("the journal can hold what is said, however much there is to say", () => {
  const ends = Array.from({ length: 200 }, (_, index) => waiting(`s${index}`, "a.b".repeat(5000)));
  const { message, waits } = stopOf(ends, incremental);
  expect(message.length).toBeLessThan(2000);
  expect(message).toMatch(/, and 190 more\.$/);
  expect(waits).toHaveLength(100);
});

test("an address is shown as it is, and can't become anything else", () => {
  const { message } = stopOf([waiting("s", 'a.b["`[x](//evil) @you <b>\n# big"]')], incremental);
  expect(message).toContain('``s: a.b["`[x](//evil) @you <b> # big"]``');
});

test("what may be there already is asked about before anything else", () => {
  const doubtful: StackEnd = {
    report: { stack: "t", result: "waiting", ...noChanges },
    question: { about: "doubts", addresses: ["a.c"] },
  };
  const stop = stopOf([waiting("s", "a.b"), doubtful], incremental);
  expect(stop).toMatchObject({ code: "end-unknown", message: expect.stringContaining("`t: a.c`") });
  expect(stop).not.toHaveProperty("waits");
});
