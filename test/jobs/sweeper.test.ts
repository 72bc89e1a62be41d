import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { connectForWork } from "../../adapters/redis/connect.ts";
import { createMemory } from "../../jobs/memory.ts";
import { openQueues, type Queues, type WakeUp } from "../../jobs/queues.ts";
import { createSessions } from "../../jobs/session.ts";
import { type Sweeper, startSweeper } from "../../jobs/sweeper.ts";
import { freshDirectory } from "../support/directory.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { createShop, type Shop } from "./support/shop.ts";

const patience = { timeout: 15_000, interval: 20 };
const prefix = "sweeper";

let world: World;
let shop: Shop;
let target: WakeUp;
let queues: Queues;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  await world.commands.flushall();
  shop = await createShop(world);
  await shop.deployed([await shop.advance("dev")]);
  target = { installationId: shop.installationId, repositoryId: shop.id, environment: "dev" };
  queues = openQueues(world.commands, prefix);
});
afterEach(async () => {
  for (const close of running.splice(0)) await close();
});
afterAll(() => world.close());

async function start(seconds: number): Promise<Sweeper> {
  const waiting = connectForWork(world.redis.url);
  const place = { type: "local", directory: "/nowhere" } as const;
  const registry = async () => ({
    version: 1 as const,
    environments: [{ name: "dev", branch: "dev", after: null }],
    repositories: [{ id: shop.id, fullName: shop.fullName }],
    bindings: [{ repositoryId: shop.id, environment: "dev", backend: place, artifacts: place }],
  });
  const home = await freshDirectory();
  const sessions = createSessions({
    app: world.credentials,
    home: path.join(home, "home"),
    signer: world.signer,
    registry,
    log: silentLog,
  });
  const sweeping = {
    app: world.appClient,
    sessions,
    queues,
    memory: createMemory(),
    registry,
    now: Date.now,
    log: silentLog,
  };
  const sweeper = startSweeper({ commands: world.commands, waiting, prefix, seconds, sweeping });
  running.push(async () => {
    await sweeper.close();
    waiting.disconnect();
  });
  return sweeper;
}

/** Waits for the wish of a deep look, and takes it away. */
async function takeDeepMark(): Promise<void> {
  await expect.poll(() => queues.deepMark(target), patience).toBeDefined();
  await queues.clearDeepMark(target, (await queues.deepMark(target)) ?? "");
}

/** Each sweep asks once for the log of deliveries. */
const sweeps = () =>
  world.github.requests.filter(({ path: asked }) => asked === "/app/hook/deliveries").length;

const more = async (count: number) => {
  const before = sweeps();
  await expect.poll(sweeps, patience).toBeGreaterThanOrEqual(before + count);
};

it("begins with a deep sweep at each start, even when Redis knows an earlier one", async () => {
  await start(3600);
  await takeDeepMark();
  await running.pop()?.();
  await start(3600);
  await takeDeepMark();
});

it("goes on with plain sweeps at a steady pace", async () => {
  await start(1);
  await more(2);
  await takeDeepMark();
  await more(2);
  expect(await queues.deepMark(target)).toBeUndefined();
});

it("is deep again when Redis was wiped, and keeps its pace", async () => {
  await start(1);
  await takeDeepMark();
  await world.commands.flushall();
  await takeDeepMark();
  await more(2);
});
