import { expect, test } from "vitest";
import { createPlanGate } from "../../../jobs/phases/plan-gate.ts";
import { deferred } from "../../support/deferred.ts";

const aLongTime = 2 ** 30;

/** Plans that end when they are told to, and which of them have begun. */
function startPlans(patience: number) {
  const gate = createPlanGate({ places: 2, patience });
  const begun: string[] = [];
  const plan = (name: string) => {
    const end = deferred<string>();
    const planned = gate(async () => {
      begun.push(name);
      return await end.promise;
    });
    return { ...end, planned };
  };
  return { begun, plans: ["a", "b", "c", "d"].map(plan) };
}

test("as many begin as there are places, the others in their order as soon as one is over", async () => {
  const { begun, plans } = startPlans(aLongTime);
  const [a, b, c, d] = plans;
  await expect.poll(() => begun).toEqual(["a", "b"]);
  b?.resolve("planned");
  expect(await b?.planned).toBe("planned");
  await expect.poll(() => begun).toEqual(["a", "b", "c"]);
  a?.reject(new Error("no"));
  await expect(a?.planned).rejects.toThrow("no");
  await expect.poll(() => begun).toEqual(["a", "b", "c", "d"]);
  for (const one of [c, d]) one?.resolve("planned");
  expect(await Promise.all([c?.planned, d?.planned])).toEqual(["planned", "planned"]);
});

test("those that wait for somebody else hold nobody up", async () => {
  const { begun, plans } = startPlans(1);
  await expect.poll(() => begun).toEqual(["a", "b", "c", "d"]);
  for (const { resolve } of plans) resolve("planned");
  expect(await Promise.all(plans.map(({ planned }) => planned))).toEqual(Array(4).fill("planned"));
});
