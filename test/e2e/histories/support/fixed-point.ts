import { expect } from "vitest";
import { expectConformance } from "../../../conformance/conformance.ts";
import { ask } from "../../../support/redis.ts";
import { expectEnded } from "./expect.ts";
import type { Shop } from "./shop.ts";
import type { System } from "./system.ts";
import { until } from "./until.ts";

/**
 * Once all workers have ended, every history still is at its end. Then a worker that knows nothing looks at everything,
 * at check runs and events, too, and nothing comes of it. All that was said to and by GitHub is as GitHub describes it.
 */
export async function expectFixedPoint(system: System, shops: readonly Shop[]): Promise<void> {
  await expectSameEndings(shops);
  const before = await Promise.all(shops.map(present));
  const asked = system.github.requests.length;
  const worker = await system.startWorker();
  await until("a sweep", async () =>
    system.github.requests.slice(asked).some(({ path }) => path.startsWith("/app/hook/deliveries")),
  );
  await untilIdle(system);
  await worker.stop();
  expect(await Promise.all(shops.map(present))).toEqual(before);
  await expectConformance(system.github);
}

async function expectSameEndings(shops: readonly Shop[]): Promise<void> {
  for (const shop of shops) {
    const ending = shop.endings.at(-1);
    if (!ending) throw new Error(`${shop.fullName} has no ending`);
    await expectEnded(shop, ending);
  }
}

async function present(shop: Shop) {
  const [refs, checks, applied] = [await shop.refs(), await shop.checks(), await shop.witness.applied()];
  return { refs, checks, applied };
}

/** Nothing is waiting, delayed or under way. */
async function untilIdle({ redis }: System): Promise<void> {
  const counts = [
    ["LLEN", "waymark:reconcile:wait"],
    ["LLEN", "waymark:reconcile:active"],
    ["ZCARD", "waymark:reconcile:delayed"],
  ] as const;
  await until("an idle queue", async () => {
    const answers = await Promise.all(counts.map(([command, key]) => ask(redis.url, command, key)));
    return answers.every((answer) => answer === "0");
  });
}
