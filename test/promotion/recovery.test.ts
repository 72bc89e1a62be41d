import { expect, test } from "vitest";
import type { FailureClass } from "../../promotion/failure.ts";
import { isOvertaken, retryAfter, type Setback } from "../../promotion/recovery.ts";

const retry = { maxAttempts: 4, backoffMultiplier: 3 };

const setback = (failureClass: FailureClass): Setback => ({ class: failureClass, code: "some-code" });

/** The pauses until nothing more helps, when it fails by the same class every time. */
function pauses(one: FailureClass | Setback, policy = retry): number[] {
  const failure = typeof one === "string" ? setback(one) : one;
  const all: number[] = [];
  for (const earlier: Setback[] = []; earlier.length <= 10; earlier.push(failure)) {
    const pause = retryAfter(failure, earlier, policy, 1000);
    if (pause === undefined) return all;
    all.push(pause);
  }
  throw new Error("it is tried for ever");
}

test("what passes is tried as often as the policy says, later and later", () => {
  expect(pauses("transient")).toEqual([1000, 3000, 9000]);
  expect(pauses("transient", { maxAttempts: 1, backoffMultiplier: 2 })).toEqual([]);
});

test("no pause is longer than five minutes", () => {
  expect(pauses("transient", { maxAttempts: 10, backoffMultiplier: 10 }).at(-1)).toBe(300_000);
});

test.each(["conflict", "credentials"] as const)(
  "a failure of class %s is tried anew once, at once",
  (one) => {
    expect(pauses(one)).toEqual([0]);
  },
);

test.each(["terraform-killed", "terraform-lost"])("after %s it is planned anew once, at once", (code) => {
  expect(pauses({ class: "unknown", code })).toEqual([0]);
});

test.each(["lock", "quota", "configuration", "code", "unknown"] as const)(
  "%s is never tried again",
  (one) => {
    expect(pauses(one)).toEqual([]);
  },
);

test("each class counts its own", () => {
  const [transient, conflict] = [setback("transient"), setback("conflict")];
  expect(retryAfter(transient, [conflict], { maxAttempts: 2, backoffMultiplier: 2 }, 1000)).toBe(1000);
  expect(retryAfter(conflict, [transient, transient], retry, 1000)).toBe(0);
});

test("without its providers nothing is tried again: only a deployment from its beginning helps", () => {
  expect(pauses({ class: "conflict", code: "providers-lost" })).toEqual([]);
  expect(["plan-stale", "providers-lost", "changed-meanwhile"].map((code) => isOvertaken({ code }))).toEqual([
    true,
    true,
    false,
  ]);
});
