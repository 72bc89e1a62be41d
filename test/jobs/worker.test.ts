import { spawn } from "node:child_process";
import { once } from "node:events";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectForWork } from "../../adapters/redis/connect.ts";
import { reconcileQueue } from "../../jobs/queues.ts";
import type { Sessions } from "../../jobs/session.ts";
import { startWorker } from "../../jobs/worker.ts";
import { compile } from "../support/compile.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { type Play, succeed } from "./support/fake-runner.ts";
import { createShop, type Shop } from "./support/shop.ts";
import { prefixOf, startTestWorker, type TestWorker } from "./support/worker.ts";

/** A lost job is taken up after ten to fifteen seconds; on a busy machine after more. */
const patience = { timeout: 60_000, interval: 50 };

let world: World;
let shop: Shop;
let worker: TestWorker;
let queue: Queue;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  worker = await startTestWorker(shop);
  queue = new Queue(reconcileQueue, { connection: world.commands, prefix: prefixOf(shop) });
});
afterEach(async () => {
  for (const close of running.splice(0)) await close();
});
afterAll(() => world.close());

/** Has a worker listen to the queue; ends with the test. */
function listen(to: TestWorker = worker, sessions: Partial<Sessions> = {}): void {
  const connection = connectForWork(world.redis.url);
  const listening = startWorker({
    connection,
    prefix: prefixOf(shop),
    concurrency: 4,
    services: to.services,
    sessions: {
      open: async ({ environment }) => to.session(environment),
      repository: async () => to.session(),
      forget: () => undefined,
      ...sessions,
    },
    log: silentLog,
  });
  running.push(async () => {
    await listening.close();
    connection.disconnect();
  });
}

const deployed = (name: string) =>
  expect.poll(async () => (await shop.tags()).has(name), patience).toBe(true);
const idle = () =>
  expect.poll(async () => (await queue.getActiveCount()) + (await queue.getWaitingCount()), patience).toBe(0);

describe("a wake-up", () => {
  it("has the environment looked at", async () => {
    await shop.advance("dev");
    await worker.queues.wake(worker.target());
    listen();
    await deployed("deploy/dev/1");
  });

  it("that comes while its environment is looked at is not lost", async () => {
    const first = await shop.advance("dev");
    let second = "";
    worker.runner.plays.push(async (input, hooks, apply) => {
      const outcome = await succeed(input, hooks, apply);
      second = await shop.advance("dev");
      await worker.queues.wake(worker.target());
      return outcome;
    });
    listen();
    await worker.queues.wake(worker.target());
    await deployed("deploy/dev/2");
    await idle();
    expect(worker.runner.applied.map(({ commit }) => commit)).toEqual([first, second]);
  });

  it("that was due later asks for a deep look", async () => {
    const head = await shop.advance("dev");
    await shop.deployed([head]);
    await shop.queueRerun("alice", head);
    listen();
    await worker.queues.wakeLater(worker.target(), 1);
    await deployed("deploy/dev/2");
  });

  it("for an environment that was not provisioned does nothing", async () => {
    await shop.advance("dev");
    listen(worker, { open: async () => undefined });
    await worker.queues.wake(worker.target(), { deep: true });
    await idle();
    expect(await queue.getDelayedCount()).toBe(0);
    expect((await shop.tags()).size).toBe(0);
  });
});

describe("a look that fails", () => {
  it("is made again later, as deep as it was, and learns anew where the repository is", async () => {
    const forgotten: number[] = [];
    listen(worker, {
      open: async () => {
        throw new Error("GitHub is away");
      },
      forget: (id) => void forgotten.push(id),
    });
    await worker.queues.wake(worker.target(), { deep: true });
    await expect.poll(() => queue.getDelayedCount(), patience).toBe(1);
    await idle();
    const [later] = await queue.getDelayed();
    expect([later?.name, later?.data]).toEqual(["later", worker.target()]);
    expect(await worker.queues.deepMark(worker.target())).toBeDefined();
    expect(forgotten).toEqual([shop.id]);
  });

  it("is nobody's excuse for an environment beside it", async () => {
    await shop.advance("dev");
    listen(worker, {
      open: async ({ environment }) => {
        if (environment === "prod") throw new Error("prod is away");
        return worker.session(environment);
      },
    });
    await worker.queues.wake(worker.target("prod"));
    await worker.queues.wake(worker.target("dev"));
    await deployed("deploy/dev/1");
  });
});

describe("a deep look that was made", () => {
  it("takes the wish for it away", async () => {
    await shop.advance("dev");
    listen();
    await worker.queues.wake(worker.target(), { deep: true });
    await deployed("deploy/dev/1");
    await expect.poll(() => worker.queues.deepMark(worker.target()), patience).toBeUndefined();
  });
});

describe("two workers on one queue", () => {
  it("never run one environment at the same time, however often it is woken", async () => {
    const other = await startTestWorker(shop);
    let now = 0;
    let most = 0;
    const counted: Play = async (input, hooks, apply) => {
      now += 1;
      most = Math.max(most, now);
      for (let times = 0; times < 5; times += 1) await worker.queues.wake(worker.target(), { deep: true });
      if (input.attempt.commit !== last) await shop.git("update-ref", "refs/heads/dev", last);
      const outcome = await succeed(input, hooks, apply);
      now -= 1;
      return outcome;
    };
    for (const { runner } of [worker, other]) runner.plays.push(counted, counted, counted);
    await shop.advance("dev");
    const last = await shop.advance("dev");
    await shop.git("update-ref", "refs/heads/dev", `${last}^`);
    listen(worker);
    listen(other);
    await worker.queues.wake(worker.target());
    await deployed("deploy/dev/2");
    await idle();
    expect(most).toBe(1);
    expect((await shop.tags()).has("deploy/dev/3")).toBe(false);
    expect(worker.runner.applied.length + other.runner.applied.length).toBe(2);
  });

  it("run different environments side by side", async () => {
    const head = await shop.commit({ branches: ["dev", "main"] });
    await shop.deployed([head]);
    await shop.advance("dev");
    let inside = 0;
    const together: Play = async (input, hooks, apply) => {
      inside += 1;
      await expect.poll(() => inside, patience).toBe(2);
      return await succeed(input, hooks, apply);
    };
    worker.runner.plays.push(together, together);
    listen();
    await worker.queues.wake(worker.target("dev"));
    await worker.queues.wake(worker.target("staging"));
    await deployed("deploy/dev/2");
    await deployed("deploy/staging/1");
  });
});

describe("a worker process that no longer renews its job", { timeout: 90_000 }, () => {
  it.each(["SIGKILL", "SIGSTOP"] as const)(
    "(%s) loses it to another one, which looks deep",
    async (signal) => {
      const head = await shop.advance("dev");
      await shop.deployed([head]);
      // Only a deep look sees a re-run, and nobody asks for one.
      await shop.queueRerun("alice", head);
      const hanging = await startHanging();
      await worker.queues.wake(worker.target());
      await once(hanging.stdout, "data");
      hanging.kill(signal);
      listen();
      await deployed("deploy/dev/2");
      expect(await worker.queues.deepMark(worker.target())).toBeUndefined();
    },
  );
});

async function startHanging() {
  const file = await compile("test/jobs/support/hanging-worker.ts");
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  running.push(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  child.stdin.end(JSON.stringify({ url: world.redis.url, prefix: prefixOf(shop) }));
  return child;
}
