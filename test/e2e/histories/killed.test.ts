import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectEnding } from "./support/expect.ts";
import { expectFixedPoint } from "./support/fixed-point.ts";
import { holdPush } from "./support/hold.ts";
import { type Phase, phases } from "./support/phases.ts";
import { openShop, type Shop } from "./support/shop.ts";
import { type System, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

/** Where a worker dies: waiting in a phase, or right after what it waited for came about. */
const deaths = phases.flatMap((phase) =>
  (["in", "after"] as const).map((when) => ({ phase, when, name: `${when} ${phase.name}` })),
);

/** One repository, and how far its deployment came. */
interface Scene {
  readonly shop: Shop;
  readonly commit: string;
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
  await Promise.all(after.map(({ name }) => scenes.get(name)?.goOn()));
  await worker.kill();
});

afterAll(() => system.close());

/** Leads the worker into a phase of a first deployment. */
async function lead(name: string, phase: Phase): Promise<Scene> {
  const shop = await openShop(system, name.replace(" ", "-"));
  // The merge is a push, too.
  const gate = holdPush(shop, { after: 1 });
  const version = "v1";
  const commit = await shop.merge(version, phase.version?.(system, shop, version));
  await gate.reached;
  const goOn = await phase.reach({ system, shop, version, gate });
  return { shop, commit, goOn };
}

describe("when another worker comes after one that was killed with -9", () => {
  let stopWorker: () => Promise<void>;
  const attempts = new Map<string, string | undefined>();

  beforeAll(async () => {
    for (const [name, { shop }] of scenes) {
      const attempt = (await shop.refs()).get("refs/tags/deploy/dev/attempt");
      await until("the last push to be told", async () => shop.told("deploy/dev/attempt") === attempt);
      attempts.set(name, attempt);
    }
    stopWorker = (await system.startWorker()).stop;
  });

  /** The new worker has had the time to say that it is at work, but runs nothing beside the apply that goes on. */
  async function expectPatience({ fullName, runs }: Shop, sha: string): Promise<void> {
    const [owner = "", repo = ""] = fullName.split("/");
    await until("the Deployment of the new attempt", async () => {
      const { data } = await system.rest.repos.listDeployments({ owner, repo, sha });
      return data.length === 2;
    });
    expect(await runs.begun()).toBe(1);
  }

  it.concurrent.for(deaths)("$name: deployed, and nothing applied twice", async ({ name, phase, when }) => {
    const { shop, commit, goOn } = scenes.get(name) as Scene;
    await phase.again?.(shop);
    if (when === "in") {
      await until(
        "the new worker to take over",
        async () => shop.told("deploy/dev/attempt") !== attempts.get(name),
      );
      if (phase.name === "apply") await expectPatience(shop, commit);
      await goOn();
    }
    await expectEnding(shop, { record: 1, commit, applied: ["shop v1"] });
  });

  it("a worker that looks at all of it once more finds nothing to do", async () => {
    await stopWorker();
    await expectFixedPoint(
      system,
      [...scenes.values()].map(({ shop }) => shop),
    );
  });
});
