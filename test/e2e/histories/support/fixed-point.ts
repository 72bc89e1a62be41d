import { expect } from "vitest";
import { expectConformance } from "../../../conformance/conformance.ts";
import { ask } from "../../../support/redis.ts";
import type { Shop } from "./shop.ts";
import type { System } from "./system.ts";
import { until } from "./until.ts";

/**
 * How the histories of a file end: a worker that knows nothing looks at everything, at check runs and events, too, and
 * nothing comes of it. Everything that was said to and by GitHub is as GitHub describes it.
 */
export async function expectFixedPoint(system: System, shops: readonly Shop[]): Promise<void> {
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
