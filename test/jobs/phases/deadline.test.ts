import { expect, test } from "vitest";
import { deadlineFor } from "../../../jobs/phases/deadline.ts";

const never = new AbortController().signal;

test("as many stacks as the policy allows may listen without anybody taking it for a leak", async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on("warning", hear);
  const { signal } = deadlineFor(60, never);
  for (let listeners = 0; listeners < 40; listeners += 1) signal.addEventListener("abort", () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});

test("the time that is left grows less, and never starts anew", async () => {
  const { left } = deadlineFor(60, never);
  const before = left();
  await new Promise((resolve) => setImmediate(resolve));
  expect(left()).toBeLessThan(before);
  expect(before).toBeLessThanOrEqual(60_000);
});

test("a worker that must stop is a passing reason, whatever error it led to", () => {
  const stopped = AbortSignal.abort();
  const { signal, failureOf } = deadlineFor(60, stopped);
  expect(signal.aborted).toBe(true);
  expect(failureOf(new Error("terraform was ended"))).toMatchObject({
    code: "interrupted",
    class: "transient",
  });
});

test("while there is time an error is what it is", () => {
  expect(deadlineFor(60, never).failureOf(new Error("broken"))).toMatchObject({ message: "broken" });
});
