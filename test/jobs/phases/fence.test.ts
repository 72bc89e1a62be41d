import { expect, test } from "vitest";
import { shareFence } from "../../../jobs/phases/fence.ts";
import { type Deferred, deferred } from "../../support/deferred.ts";

/** A fence that is answered when the test says so. */
function slowFence() {
  const looks: Deferred<void>[] = [];
  const fence = shareFence({
    fence: () => {
      const look = deferred();
      looks.push(look);
      return look.promise;
    },
  });
  return { fence, looks };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("whoever comes at the same moment is answered by one look", async () => {
  const { fence, looks } = slowFence();
  const passes = Promise.all([fence.pass(), fence.pass(), fence.pass()]);
  await settled();
  looks[0]?.resolve();
  await passes;
  expect(looks).toHaveLength(1);
});

test("a look that began before is not believed: those who come meanwhile share the next", async () => {
  const { fence, looks } = slowFence();
  const first = fence.pass();
  await settled();
  const later = Promise.all([fence.pass(), fence.pass()]);
  looks[0]?.resolve();
  await first;
  await settled();
  expect(looks).toHaveLength(2);
  looks[1]?.resolve();
  await later;
});

test("once closed it stays closed, with the same error and without another look", async () => {
  const { fence, looks } = slowFence();
  const lost = new Error("the world moved on");
  const first = fence.pass();
  await settled();
  const meanwhile = fence.pass();
  looks[0]?.reject(lost);
  await expect(first).rejects.toBe(lost);
  await expect(meanwhile).rejects.toBe(lost);
  await expect(fence.pass()).rejects.toBe(lost);
  expect(looks).toHaveLength(1);
  expect([fence.refused(lost), fence.refused(new Error("other"))]).toEqual([true, false]);
});
