import { afterAll, beforeAll, beforeEach } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { createShop, type Shop } from "./shop.ts";
import { startTestWorker, type TestWorker, type WorkerOptions } from "./worker.ts";

/** Of the test file that called `useShop()`: one world for all of its tests, a fresh shop and worker for each. */
export let world: World;
export let shop: Shop;
export let worker: TestWorker;

export function useShop(options: WorkerOptions = {}): void {
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    shop = await createShop(world);
    worker = await startTestWorker(shop, options);
  });
  afterAll(() => world.close());
}
