import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ordinaryStacks } from "./support/application.ts";
import { expectEnding, untilSettled } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { holdPush } from "./support/hold.ts";
import { type Phase, phases } from "./support/phases.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type System, startSystem } from "./support/system.ts";

/** Where a worker dies: waiting in a phase, or right after what it waited for came about. */
const deaths = phases.flatMap((phase) =>
  (["in", "after"] as const).map((when) => ({ phase, when, name: `${when} ${phase.name}` })),
);

/** One repository, and how far its deployment came. */
interface Scene {
  readonly shop: Shop;
  readonly commit: string;
  readonly stacks: readonly string[];
  /** Ends the phase in which the worker waits. */
  readonly goOn: () => Promise<void>;
}

let system: System;
const scenes = new Map<string, Scene>();

beforeAll(async () => {
  system = await startSystem();
  const worker = await system.startWorker();
  await Promise.all(deaths.map(async ({ name, phase }) => scenes.set(name, await lead(name, phase))));
  process.kill(worker.pid, "SIGSTOP");
  const after = deaths.filter(({ when }) => when === "after");
  await Promise.all(after.map(({ name }) => sceneOf(name).goOn()));
  await worker.kill();
});

afterAll(() => system.close());

function sceneOf(name: string): Scene {
  const scene = scenes.get(name);
  if (!scene) throw new Error(`nobody died ${name}`);
  return scene;
}

/** Leads the worker into a phase of a first deployment. */
async function lead(name: string, phase: Phase): Promise<Scene> {
  const shop = await openShop(system, name.replaceAll(" ", "-"));
  // The merge is a push, too.
  const gate = holdPush(shop, { after: 1 });
  const version = "v1";
  const options = phase.version?.(system, shop, version);
  const commit = await shop.merge(version, options);
  await gate.reached;
  const goOn = await phase.reach({ system, shop, version, gate });
  return { shop, commit, stacks: options?.stacks ?? ordinaryStacks, goOn };
}

describe("when another worker comes after one that was killed with -9", () => {
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    stopWorker = (await system.startWorker()).stop;
  });

  /** While others are through already, the new worker runs nothing beside what goes on. */
  async function expectPatience({ runs }: Shop): Promise<void> {
    await untilSettled(sceneOf("after apply").shop, 1);
    expect(await runs.begun()).toBe(1);
  }

  it.concurrent.for(deaths)("$name: deployed, and nothing applied twice", async ({ name, phase, when }) => {
    const { shop, commit, stacks, goOn } = sceneOf(name);
    const ending = { record: 1, commit, applied: stacks.map((stack) => `${stack} v1`) };
    await phase.again?.(shop, goOn);
    if (when === "in" && phase.adopted) {
      await expectPatience(shop);
      await goOn();
    }
    await expectEnding(shop, ending);
    // What the dead one had begun to say comes late, and changes nothing.
    const refs = await shop.refs();
    if (when === "in" && !phase.adopted) await goOn();
    await expectEnding(shop, ending);
    expect(await shop.refs()).toEqual(refs);
  });

  it("a worker that looks at all of it once more finds nothing to do", async () => {
    await stopWorker();
    await expectFixedPoint(
      system,
      [...scenes.values()].map(({ shop }) => shop),
    );
  });
});
