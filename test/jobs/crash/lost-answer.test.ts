import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { succeed } from "../support/fake-runner.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";
import { expectAtRest } from "./scene.ts";

let world: World;
let shop: Shop;
let head: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  head = await shop.advance("dev");
});
afterEach(() => world.github.faults.clear());
afterAll(() => world.close());

/**
 * A worker that learns nothing of its nth push, which nevertheless happened (`lose`), or never arrived (`drop`). Once is
 * not enough: where a kept connection breaks, git's own HTTP client tries again on a new one.
 */
async function startUnlucky(nth: number, kind: "lose" | "drop"): Promise<TestWorker> {
  let pushes = 0;
  return await startTestWorker(shop, {
    git: (git) => ({
      ...git,
      pushRefs: async (updates) => {
        pushes += 1;
        const fault = { path: /git-receive-pack$/, method: "POST", effect: { kind }, times: 2 } as const;
        if (pushes === nth) world.github.faults.onRequest(fault);
        return await git.pushRefs(updates);
      },
    }),
  });
}

const cases = (["lose", "drop"] as const).flatMap((kind) => [1, 2, 3].map((nth) => [kind, nth] as const));

describe("a push whose answer never comes", () => {
  it.each(cases)("(%s, push %i) is looked at again: one record, all told", async (kind, nth) => {
    const worker = await startUnlucky(nth, kind);
    await expect(worker.reconcile()).rejects.toThrow("git push");
    world.github.faults.clear();
    await worker.reconcile();
    await expectAtRest(shop, 1, [head]);
    expect((await shop.tags()).get("deploy/dev/attempt")).toBe((await shop.tags()).get("deploy/dev/1"));
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
    expect(worker.runner.applied.length).toBeLessThanOrEqual(2);
  });
});

describe("a push that git's HTTP client repeats by itself", () => {
  it("is known to have moved its refs the first time: nothing is applied or recorded twice", async () => {
    const worker = await startTestWorker(shop);
    const fault = { path: /git-receive-pack$/, method: "POST", effect: { kind: "lose" }, times: 1 } as const;
    worker.runner.plays.push(async (input, hooks, apply) => {
      const outcome = await succeed(input, hooks, apply);
      world.github.faults.onRequest(fault);
      return outcome;
    });
    await worker.reconcile();
    expect(world.github.faults.takeRequest("POST", "/git-receive-pack")).toBeUndefined();
    await expectAtRest(shop, 1, [head]);
    expect(worker.runner.applied).toHaveLength(1);
  });
});

describe("a GitHub whose REST API is down", () => {
  const breakRest = () =>
    world.github.faults.onRequest({
      path: /^\/api\/v3\/repos/,
      effect: { kind: "respond", status: 503 },
      times: 1000,
    });

  it("does not keep an apply from being recorded; it is told later, and nothing is applied twice", async () => {
    const worker = await startTestWorker(shop);
    breakRest();
    await expect(worker.reconcile("dev", { deep: false })).rejects.toThrow();
    expect((await shop.tags()).get("deploy/dev/current")).toBe((await shop.tags()).get("deploy/dev/1"));
    expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("done");
    world.github.faults.clear();
    await worker.reconcile();
    await expectAtRest(shop, 1, [head]);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
    expect(worker.runner.applied).toHaveLength(1);
  });

  it("does not matter to a plain look in sync", async () => {
    const worker = await startTestWorker(shop);
    await worker.reconcile();
    breakRest();
    await expect(worker.reconcile("dev", { deep: false })).resolves.toBeUndefined();
  });
});

describe("a check run whose making is not confirmed", () => {
  it("is not left open beside a second one", async () => {
    const worker = await startTestWorker(shop);
    world.github.faults.onRequest({ method: "POST", path: /check-runs$/, effect: { kind: "lose" } });
    await worker.reconcile();
    await expectAtRest(shop, 1, [head]);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
  });
});
