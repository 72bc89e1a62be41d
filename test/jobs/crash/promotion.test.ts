import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { createFakeRunner, type FakeRunner } from "../support/fake-runner.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { dieAndTakeOver, expectFewerSteps } from "./mortal.ts";
import { expectAtRest, upTo } from "./scene.ts";

let world: World;
let shop: Shop;
let runner: FakeRunner;
let head: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  runner = createFakeRunner();
  head = await shop.advance("dev");
});
afterAll(() => world.close());

describe("a promotion whose worker dies before its step", () => {
  it.each(upTo(10))("%i is carried to its end by the next worker", async (step) => {
    await dieAndTakeOver(shop, step, { runner });
    await expectAtRest(shop, 1, [head]);
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
    expect((await shop.tags()).get("deploy/dev/attempt")).toBe((await shop.tags()).get("deploy/dev/1"));
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
    expect((await shop.deploymentStates(head, "dev"))[0]).toBe("success");
    expect(runner.applied.length).toBeLessThanOrEqual(2);
  });

  it("has no more steps than those", async () => {
    await expectFewerSteps(shop, 11, { runner });
  });
});
