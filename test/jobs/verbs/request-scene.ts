import { expect } from "vitest";
import type { World } from "../../support/waymark.ts";
import { createShop, type SeenCheck, type Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";

/** dev deployed twice, and a worker whose patience the test holds in its hand. */
export interface RequestScene {
  readonly shop: Shop;
  readonly worker: TestWorker;
  /** Deployed as dev 1. */
  readonly old: string;
  /** Deployed as dev 2. */
  readonly head: string;
  readonly patience: {
    /** Seconds since a move of current was first seen. */
    waited: number;
    /** Delays of the wake-ups that the worker asked for, in milliseconds. */
    readonly later: number[];
  };
}

export async function setRequestScene(world: World): Promise<RequestScene> {
  const shop = await createShop(world);
  const patience: RequestScene["patience"] = { waited: 0, later: [] };
  const worker = await startTestWorker(shop, {
    queues: (queues) => ({
      ...queues,
      secondsSince: async () => patience.waited,
      forgetSeen: async () => {
        patience.waited = 0;
      },
      wakeLater: async (_, delay) => void patience.later.push(delay),
    }),
  });
  const old = await shop.advance("dev");
  const head = await shop.advance("dev");
  await shop.deployed([old, head]);
  return { shop, worker, old, head, patience };
}

/** dev rests at this record: it is the newest one, current and the journal hold it. */
export async function expectSettledAt(shop: Shop, number: number): Promise<void> {
  const tags = await shop.tags();
  const record = tags.get(`deploy/dev/${number}`);
  expect(record).toBeDefined();
  expect([tags.get("deploy/dev/current"), tags.get("deploy/dev/attempt")]).toEqual([record, record]);
  expect(tags.has(`deploy/dev/${number + 1}`)).toBe(false);
}

/** The delivery that told of the latest push. */
export function newestDelivery({ github }: World): string | undefined {
  return github.deliveries.findLast(({ event }) => event === "push")?.guid;
}

export function requestChecks(shop: Shop, commit: string): Promise<readonly SeenCheck[]> {
  return shop.checks(commit, "deploy/dev/request");
}
