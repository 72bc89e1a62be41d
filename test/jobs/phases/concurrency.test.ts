import { expect, test } from "vitest";
import { mapConcurrently } from "../../../jobs/phases/concurrency.ts";

test("no more run at once than allowed, and results keep the order of the items", async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([30, 1, 20, 2, 10], 2, async (wait) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, wait));
    running -= 1;
    return wait * 2;
  });
  expect(results).toEqual([60, 2, 40, 4, 20]);
  expect(most).toBe(2);
});

test("no items, no work", async () => {
  expect(await mapConcurrently([], 3, () => Promise.reject(new Error("called")))).toEqual([]);
});
