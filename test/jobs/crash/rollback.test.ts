import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { createFakeRunner, type FakeRunner, failWith } from "../support/fake-runner.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { dieAndTakeOver, expectFewerSteps } from "./mortal.ts";
import { expectAtRest, upTo } from "./scene.ts";

let world: World;
let shop: Shop;
let runner: FakeRunner;
let old: string;
let head: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  runner = createFakeRunner();
  old = await shop.advance("dev");
  head = await shop.advance("dev");
  await shop.deployed([old, head]);
  await shop.retag("alice", "dev", old);
});
afterAll(() => world.close());

describe("a rollback whose worker dies before its step", () => {
  it.each(upTo(11))("%i is carried to its end by the next worker", async (step) => {
    await dieAndTakeOver(shop, step, { runner });
    await expectAtRest(shop, 3, [old, head]);
    expect(Object.fromEntries(await shop.trailers("deploy/dev/3"))).toMatchObject({
      Kind: "rollback",
      Commit: old,
      "Branch-Head": head,
      "Requested-By": "alice",
    });
    const [request] = await shop.checks(old, "deploy/dev/request");
    expect(request).toMatchObject({ conclusion: "success" });
    expect((await shop.checks(head, "deploy/dev"))[0]?.title).toContain("Held by rollback");
    expect(runner.applied.length).toBeLessThanOrEqual(2);
  });

  it("has no more steps than those", async () => {
    await expectFewerSteps(shop, 12, { runner });
  });
});

describe("a failing rollback whose worker dies before its step", () => {
  it.each(upTo(8))("%i fails all the same and is not tried for ever", async (step) => {
    runner.plays.push(failWith(), failWith());
    const next = await dieAndTakeOver(shop, step, { runner });
    await next.reconcile();
    expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("failed");
    await expectAtRest(shop, 2, [old, head]);
    expect((await shop.checks(old, "deploy/dev/request"))[0]).toMatchObject({ conclusion: "failure" });
    expect(runner.started()).toBeLessThanOrEqual(2);
  });
});
