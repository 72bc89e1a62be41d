import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { watchBudgets } from "./support/budgets.ts";
import { expectEnding, untilSettled } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { holdFetch, holdPush } from "./support/hold.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type System, startSystem } from "./support/system.ts";

/** What happens while a worker is frozen that has planned version 2. */
interface Meanwhile {
  readonly applied: readonly string[];
  /** Gives the commit that another worker records then. */
  act(scene: Scene): Promise<string>;
}

/** One repository whose worker waits between fence and apply. */
interface Scene {
  readonly shop: Shop;
  /** The commit of version 1, which is recorded. */
  readonly first: string;
  /** Tells the worker that it may apply. */
  readonly answer: () => Promise<void>;
}

const meanwhiles: Readonly<Record<string, Meanwhile>> = {
  merged: { applied: ["shop v1", "shop v3"], act: ({ shop }) => shop.merge("v3") },
  // Nothing in the environment changes by this: only what Waymark itself writes into the state can stop the old plan.
  rewound: {
    applied: ["shop v1"],
    act: async ({ shop, first }) => {
      await shop.push("bob", `+${first}:refs/heads/dev`);
      return first;
    },
  },
};

/** Deploys version 1, merges version 2, and stops its worker where it asks with a finished plan whether it may apply. */
async function lead(system: System, name: string): Promise<Scene> {
  const shop = await openShop(system, name);
  const first = await shop.merge("v1");
  await untilSettled(shop, 1);
  const begin = holdPush(shop, { after: 1 });
  await shop.merge("v2");
  await begin.reached;
  const fence = holdFetch(shop);
  begin.open();
  await fence.reached;
  const answer = async (): Promise<void> => {
    fence.open();
    await fence.passed;
  };
  return { shop, first, answer };
}

const systems: System[] = [];

afterAll(() => Promise.all(systems.map((system) => system.close())));

it.concurrent.for(["the same", "another"])(
  "a worker frozen between fence and apply, then another with %s disk records: the first applies nothing",
  async (disk) => {
    const system = await startSystem();
    systems.push(system);
    const budgets = await watchBudgets(system.redis.url);
    const home = disk === "another" ? path.join(system.home, "..", "elsewhere") : system.home;
    const frozen = await system.startWorker({ home });
    const scenes = await Promise.all(Object.keys(meanwhiles).map((name) => lead(system, name)));
    process.kill(frozen.pid, "SIGSTOP");
    await Promise.all(scenes.map(({ answer }) => answer()));

    const next = await system.startWorker();
    const acts = Object.values(meanwhiles).map(({ act }, index) => act(scenes[index] as Scene));
    const commits = await Promise.all(acts);
    await Promise.all(scenes.map(({ shop }) => untilSettled(shop, 2)));
    process.kill(frozen.pid, "SIGCONT");
    await frozen.stop();

    for (const [index, { applied }] of Object.values(meanwhiles).entries()) {
      const { shop } = scenes[index] as Scene;
      // Whoever comes late can't know that nothing of it was applied: so the record is deployed once more.
      await expectEnding(shop, { record: 3, commit: commits[index] ?? "", applied });
    }
    await next.stop();
    // Both wrote about both shops, and each time within the installation's one budget.
    expect(budgets.writers()).toEqual([2, 2]);
    budgets.close();
    await expectFixedPoint(
      system,
      scenes.map(({ shop }) => shop),
    );
  },
);
