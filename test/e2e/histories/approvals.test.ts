import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectEnding, untilChecked, untilChecksClosed, untilSettled } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type Login, type System, startSystem } from "./support/system.ts";

let system: System;
let stopWorker: () => Promise<void>;
const shops: Shop[] = [];

/** Every version of the application replaces the one before. */
const careful = { mode: "incremental" } as const;

beforeAll(async () => {
  system = await startSystem();
  stopWorker = (await system.startWorker()).stop;
});

afterAll(() => system.close());

async function carefulShop(name: string): Promise<{ shop: Shop; first: string }> {
  const shop = await openShop(system, name);
  shops.push(shop);
  const first = await shop.merge("v1", careful);
  await untilSettled(shop, 1);
  return { shop, first };
}

/** The button is on the check run that asked, whatever was said below it since. */
async function approve(shop: Shop, login: Login): Promise<void> {
  const asking = (await shop.checks()).find(({ conclusion }) => conclusion === "action_required");
  system.github.pressAction(shop.fullName, asking?.id ?? 0, "approve", login);
}

describe.concurrent("a history of plans that replace something", () => {
  it("nothing of it is applied before somebody who may has approved it, then it is, once", async () => {
    const { shop } = await carefulShop("approved");
    const second = await shop.merge("v2", careful);
    await untilChecked(shop, second, "deploy/dev", /^action_required: .*approval/);
    await untilChecksClosed(shop);
    await approve(shop, "mallory");
    await untilChecked(shop, second, "deploy/dev", /^failure: Approving takes more permission/);
    expect(await shop.witness.applied()).toEqual(["shop v1"]);
    await approve(shop, "alice");
    await expectEnding(shop, { record: 2, commit: second, applied: ["shop v1", "shop v2"] });
  });

  it("a rollback waits, too: current is put back, and moves when it is approved", async () => {
    const { shop, first } = await carefulShop("rolled-back");
    await shop.merge("v2", careful);
    await untilChecked(shop, (await shop.refs()).get("refs/heads/dev") ?? "", "deploy/dev", /approval/);
    await approve(shop, "alice");
    await untilSettled(shop, 2);
    await untilChecksClosed(shop);
    await shop.retag("alice", first);
    await untilChecked(shop, first, "deploy/dev/request", /^action_required: .*approval/);
    expect(await shop.witness.applied()).toEqual(["shop v1", "shop v2"]);
    await approve(shop, "alice");
    await expectEnding(shop, { record: 3, commit: first, applied: ["shop v1", "shop v2", "shop v1"] });
  });

  it("a request that only looks says what it would do, and changes nothing", async () => {
    const { shop, first } = await carefulShop("looked");
    await shop.clone.git(["tag", "-a", "-m", "What would that do?", "-m", "Mode: whatif", "look", first]);
    await shop.retag("alice", await shop.clone.git(["rev-parse", "refs/tags/look"]));
    await untilChecked(shop, first, "deploy/dev/request", /^neutral: .*Planned/);
    await expectEnding(shop, { record: 1, commit: first, applied: ["shop v1"] });
  });
});

it("a worker that looks at all of it once more finds nothing to do", async () => {
  await stopWorker();
  await expectFixedPoint(system, shops);
});
