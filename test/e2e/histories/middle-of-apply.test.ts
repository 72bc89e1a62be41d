import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectEnding, untilChecked } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type System, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

describe("in the middle of an apply", () => {
  let system: System;
  let stopWorker: () => Promise<void>;
  const shops: Shop[] = [];

  beforeAll(async () => {
    system = await startSystem({ sweepSeconds: 4 });
    stopWorker = (await system.startWorker()).stop;
  });

  afterAll(() => system.close());

  /** Merges a version and stops where its resource is being made. */
  async function midApply(name: string) {
    const shop = await openShop(system, name);
    shops.push(shop);
    const held = await shop.witness.hold("shop");
    const commit = await shop.merge("v1");
    await held.reached("v1");
    return { shop, commit, held };
  }

  it("the queue is wiped with the wake-up of a merge: that waits for the apply, and both are applied once", async () => {
    const { shop, commit: first, held } = await midApply("wiped");
    const second = await shop.merge("v2");
    await system.github.idle();
    const attempt = (await shop.refs()).get("refs/tags/deploy/dev/attempt");
    await system.redis.wipe();
    // Nothing keeps a second run from beginning now, beside the one that goes on.
    await until("the next attempt", async () => shop.told("deploy/dev/attempt") !== attempt);
    await held.release();
    await expectEnding(shop, { record: 1, commit: second, applied: ["shop v1", "shop v2"] });
    await untilChecked(shop, first, "deploy/dev", /^skipped: /);
  });

  it("Redis dies: the apply is recorded, and a merge that nobody heard of is found", async () => {
    const { shop, commit: first, held } = await midApply("redis");
    await system.redis.kill();
    await held.release();
    await until("the first record", async () => shop.told("deploy/dev/1") !== undefined);
    const second = await shop.merge("v2");
    await system.redis.restart();
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
    expect((await shop.refs()).get("refs/tags/deploy/dev/1^{}")).toBe(first);
  });

  it("Terraform is killed with -9: what it was creating is not created again before somebody has looked", async () => {
    const { shop, commit, held } = await midApply("killed");
    await shop.runs.killApply("shop");
    await untilChecked(shop, commit, "deploy/dev", /^action_required: .*decision/);
    // Its script has outlived it.
    await held.release();
    const applied = () => shop.witness.applied().catch(() => undefined);
    expect(await until("the end of the script", applied)).toEqual(["shop v1"]);
    const [check] = await shop.checks();
    system.github.pressRerun(shop.fullName, check?.id ?? 0, "alice");
    await expectEnding(shop, { record: 1, commit, applied: ["shop v1", "shop v1"] });
  });

  it("a worker that looks at all of it once more finds nothing to do", async () => {
    await stopWorker();
    await expectFixedPoint(system, shops);
  });
});
