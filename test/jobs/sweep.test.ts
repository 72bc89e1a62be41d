import path from "node:path";
import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Registry } from "../../adapters/registry/schema.ts";
import { createMemory } from "../../jobs/memory.ts";
import { openQueues, reconcileQueue } from "../../jobs/queues.ts";
import { createSessions } from "../../jobs/session.ts";
import { type Sweeping, sweep } from "../../jobs/sweep.ts";
import { freshDirectory } from "../support/directory.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { createShop, environments, type Shop } from "./support/shop.ts";
import { startTestWorker } from "./support/worker.ts";

let world: World;
let shop: Shop;
let head: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  head = await shop.commit({ branches: ["dev", "main", "prod"] });
});
afterAll(() => world.close());

const place = { type: "local", directory: "/nowhere" } as const;

function registryOf(...shops: readonly Pick<Shop, "id" | "fullName">[]): Registry {
  return {
    version: 1,
    environments: [...environments],
    repositories: shops.map(({ id, fullName }) => ({ id, fullName })),
    bindings: shops.flatMap(({ id }) =>
      environments.map(({ name }) => ({
        repositoryId: id,
        environment: name,
        backend: place,
        artifacts: place,
      })),
    ),
  };
}

let made = 0;
/** What the clock shows to sweeps. */
let now = Date.now();

/** A worker's sweep with a memory and mirrors of its own, and the environments that it woke. */
async function sweeper(registry: Registry) {
  made += 1;
  const prefix = `sweep-${made}`;
  const queues = openQueues(world.commands, prefix);
  const queue = new Queue(reconcileQueue, { connection: world.commands, prefix });
  const sweeping: Sweeping = {
    app: world.appClient,
    sessions: createSessions({
      app: world.credentials,
      home: path.join(await freshDirectory(), "home"),
      signer: world.signer,
      registry: async () => registry,
      log: silentLog,
    }),
    queues,
    memory: createMemory(),
    registry: async () => registry,
    now: () => now,
    log: silentLog,
  };
  return {
    queues,
    sweep: (deep = false) => sweep(sweeping, { deep }),
    /** Takes the woken environments out of the queue. */
    woken: async () => {
      const jobs = await queue.getWaiting();
      const names = jobs.map(({ data }) => `${data.repositoryId} ${data.environment}`).sort();
      await queue.obliterate();
      return names;
    },
  };
}

const deployEverywhere = async () => {
  for (const { name } of environments) await shop.deployed([head], { environment: name });
};

const named = (...names: readonly string[]) => names.map((name) => `${shop.id} ${name}`).sort();
const counted = (from: number) =>
  world.github.requests.slice(from).filter(({ counted, who }) => counted && who.startsWith("installation:"));

describe("a sweep at rest", () => {
  it("wakes nobody and costs no request that counts", async () => {
    await deployEverywhere();
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual([]);
    const from = world.github.requests.length;
    for (let again = 0; again < 2; again += 1) await one.sweep();
    expect(await one.woken()).toEqual([]);
    expect(counted(from)).toEqual([]);
    expect(world.github.requests.length - from).toBeLessThanOrEqual(2);
  });

  it("is the same after real deployments", async () => {
    const worker = await startTestWorker(shop);
    for (const { name } of environments) await worker.reconcile(name);
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual([]);
  });

  it("includes an environment that was rolled back", async () => {
    await deployEverywhere();
    const worker = await startTestWorker(shop);
    await shop.advance("dev");
    await worker.reconcile("dev");
    await shop.retag("alice", "dev", head);
    await worker.reconcile("dev");
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual([]);
  });
});

describe("a sweep wakes", () => {
  it("an environment that never deployed", async () => {
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev", "staging", "prod"));
  });

  it.each([
    ["its branch moved", async () => void (await shop.advance("dev"))],
    ["current was moved", async () => shop.setTag("deploy/dev/current", head)],
    ["current was deleted", async () => shop.setTag("deploy/dev/current", undefined)],
    ["attempt was deleted", async () => shop.setTag("deploy/dev/attempt", undefined)],
    ["its record was deleted", async () => shop.setTag("deploy/dev/1", undefined)],
    ["its record was moved", async () => shop.setTag("deploy/dev/1", head)],
  ])("the one environment of which %s", async (_, change) => {
    await deployEverywhere();
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    await change();
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev"));
  });

  it("an environment that its record says is due", async () => {
    const until = Date.parse("2026-11-21T12:00:00Z");
    await deployEverywhere();
    const postponed = { stacks: ["network"], tries: 1, until };
    await shop.deployed([head], { record: { postponed, number: 2 } });
    const one = await sweeper(registryOf(shop));
    now = until - 1;
    await one.sweep();
    expect(await one.woken()).toEqual([]);
    now = until;
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev"));
  });

  it("an environment whose attempt is unfinished", async () => {
    await deployEverywhere();
    const worker = await startTestWorker(shop);
    await shop.advance("dev");
    worker.runner.plays.push(async () => {
      throw new Error("the worker died");
    });
    await expect(worker.reconcile("dev")).rejects.toThrow("died");
    await shop.git("update-ref", "refs/heads/dev", head);
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev"));
  });

  it("everybody when it is deep, even at rest", async () => {
    await deployEverywhere();
    const one = await sweeper(registryOf(shop));
    await one.sweep(true);
    const target = { installationId: shop.installationId, repositoryId: shop.id, environment: "prod" };
    expect(await one.queues.deepMark(target)).toBeDefined();
    expect(await one.woken()).toEqual(named("dev", "staging", "prod"));
  });

  it("nobody for a branch that is not there", async () => {
    await deployEverywhere();
    await shop.git("update-ref", "-d", "refs/heads/prod");
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    expect(await one.woken()).toEqual([]);
  });
});

describe("a sweep over several repositories", () => {
  it("leaves out one on which the App is not installed", async () => {
    const elsewhere = await world.github.createRepository(`acme/uninstalled-${made}`);
    const one = await sweeper(registryOf(elsewhere, shop));
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev", "staging", "prod"));
  });

  it("leaves out environments that were not provisioned", async () => {
    const registry = registryOf(shop);
    const one = await sweeper({ ...registry, bindings: registry.bindings.slice(0, 1) });
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev"));
  });

  it("goes on after one that fails", async () => {
    const broken = await createShop(world);
    world.github.faults.onRequest({
      path: new RegExp(`^/${broken.fullName}\\.git/`),
      effect: { kind: "respond", status: 500 },
      times: 100,
    });
    const one = await sweeper(registryOf(broken, shop));
    await one.sweep();
    world.github.faults.clear();
    expect(await one.woken()).toEqual(named("dev", "staging", "prod"));
  });

  it("finds one again whose App was taken away and installed anew", async () => {
    const one = await sweeper(registryOf(shop));
    await one.sweep();
    await one.woken();
    world.github.uninstall(shop.installationId, "alice");
    await one.sweep();
    expect(await one.woken()).toEqual([]);
    world.github.install(world.app, "acme", [shop.fullName], "alice");
    await one.sweep();
    await one.sweep();
    expect(await one.woken()).toEqual(named("dev", "staging", "prod"));
  });
});

describe("deliveries that failed", () => {
  it("are asked for again once, and not when they arrived since", async () => {
    await world.github.idle();
    world.receiver.received.splice(0);
    world.github.faults.onDelivery({ event: "push", effect: "withhold" });
    await shop.setTag("deploy/dev/current", head);
    await shop.retag("bob", "dev", head);
    await shop.retag("bob", "dev", await shop.git("rev-parse", `${head}^{tree}`));
    const one = await sweeper(registryOf(shop));
    for (let again = 0; again < 3; again += 1) {
      await one.sweep();
      await world.github.idle();
    }
    const failed = world.github.deliveries
      .filter(({ statusCode }) => statusCode >= 300)
      .map(({ guid }) => guid);
    expect(failed).toHaveLength(1);
    expect(world.receiver.received.filter(({ guid }) => failed.includes(guid))).toHaveLength(1);
  });
});
