import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Repository } from "../../../adapters/git/repository.ts";
import { startWorld, type World } from "../../support/waymark.ts";
import { appliedOutcome, createFakeRunner, type FakeRunner } from "../support/fake-runner.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { startTestWorker } from "../support/worker.ts";

let world: World;
let shop: Shop;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
});
afterAll(() => world.close());

/** A remote that does something before the first push. */
function before(first: () => Promise<void>): (git: Repository) => Repository {
  let pushes = 0;
  return (git) => ({
    ...git,
    pushRefs: async (updates) => {
      pushes += 1;
      if (pushes === 1) await first();
      return await git.pushRefs(updates);
    },
  });
}

/** A runner whose runs tell when they start, and how they fared. */
function toldRunner(told: string[], onStart: () => void): FakeRunner {
  const runner = createFakeRunner();
  return {
    ...runner,
    run: async (input, hooks) => {
      told.push("started");
      onStart();
      await hooks.begun().catch((error: unknown) => {
        told.push(hooks.lost.aborted ? "lost" : "not lost");
        throw error;
      });
      told.push("begun");
      await hooks.fence();
      return appliedOutcome(input);
    },
  };
}

it("starts the run while the journal's entry is on its way", async () => {
  const head = await shop.advance("dev");
  const told: string[] = [];
  let start = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const runner = toldRunner(told, start);
  const worker = await startTestWorker(shop, { runner, git: before(() => started) });
  await worker.reconcile();
  expect(told).toEqual(["started", "begun"]);
  expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
});

it("throws away what was started when another attempt gets there first, and nobody hears of it", async () => {
  const head = await shop.advance("dev");
  const told: string[] = [];
  const other = await startTestWorker(shop);
  const runner = toldRunner(told, () => undefined);
  const worker = await startTestWorker(shop, { runner, git: before(() => other.reconcile()) });
  await worker.reconcile();
  expect(told).toEqual(["started", "lost"]);
  expect(other.runner.applied).toHaveLength(1);
  expect(await shop.checks(head)).toHaveLength(1);
  expect(await shop.deploymentStates(head, "dev")).toEqual(["success", "in_progress"]);
});

it("ends what was started before it passes on that the push failed", async () => {
  await shop.advance("dev");
  const told: string[] = [];
  const unreachable = async (): Promise<void> => {
    throw new Error("the network is gone");
  };
  const runner = toldRunner(told, () => undefined);
  const worker = await startTestWorker(shop, { runner, git: before(unreachable) });
  await expect(worker.reconcile()).rejects.toThrow("the network is gone");
  expect(told).toEqual(["started", "lost"]);
  expect((await shop.tags()).size).toBe(0);
});
