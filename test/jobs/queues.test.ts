import path from "node:path";
import { type Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { connectForCommands, connectForWork } from "../../adapters/redis/connect.ts";
import { type NotedEvent, openQueues, type Queues, reconcileQueue, type WakeUp } from "../../jobs/queues.ts";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { freshDirectory } from "../support/directory.ts";

const dev: WakeUp = { installationId: 7, repositoryId: 42, environment: "dev" };
const prod: WakeUp = { ...dev, environment: "prod" };
const prefix = "test";

let redis: EmbeddedRedis;
let commands: Redis;
let waiting: Redis;
let queues: Queues;
/** The queue as BullMQ shows it. */
let queue: Queue<WakeUp>;

beforeAll(async () => {
  redis = await startEmbeddedRedis(path.join(await freshDirectory(), "redis"), process.env.PATH ?? "");
  commands = connectForCommands(redis.url);
  waiting = connectForWork(redis.url);
  queues = openQueues(commands, prefix);
  queue = new Queue(reconcileQueue, { connection: commands, prefix });
});

beforeEach(async () => void (await commands.flushall()));
afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  await queue.close();
  await queues.close();
  commands.disconnect();
  waiting.disconnect();
  await redis.close();
});

const waitingEnvironments = async () => (await queue.getWaiting()).map(({ data }) => data.environment).sort();

/** A worker whose jobs end when the test says so. */
function startWorker() {
  const taken: { readonly job: Job<WakeUp>; readonly finish: () => void }[] = [];
  let closing = false;
  const work = (job: Job<WakeUp>) =>
    new Promise<void>((finish) => {
      taken.push({ job, finish });
      if (closing) finish();
    });
  const worker = new Worker<WakeUp>(reconcileQueue, work, { connection: waiting, prefix, concurrency: 5 });
  const nth = (index: number) =>
    vi.waitFor(
      () => {
        const one = taken[index];
        if (!one) throw new Error(`only ${taken.length} jobs were taken`);
        return one;
      },
      { timeout: 10_000, interval: 10 },
    );
  return {
    taken,
    nth,
    /** Ends a job and waits until the queue knows. */
    finish: async (index: number) => {
      const { job, finish } = await nth(index);
      const completed = new Promise<void>((resolve) => {
        worker.on("completed", ({ id }) => {
          if (id === job.id) resolve();
        });
      });
      finish();
      await completed;
    },
    close: async () => {
      closing = true;
      for (const { finish } of taken) finish();
      await worker.close();
    },
  };
}

it("keeps one waiting job for a hundred wake-ups, and one for each environment", async () => {
  await Promise.all(Array.from({ length: 100 }, () => queues.wake(dev)));
  expect(await waitingEnvironments()).toEqual(["dev"]);
  await queues.wake(prod);
  await queues.wake({ ...dev, repositoryId: 43 });
  expect(await waitingEnvironments()).toEqual(["dev", "dev", "prod"]);
});

it("keeps wake-ups that come while a job runs, as one job that runs afterwards", async () => {
  const worker = startWorker();
  await queues.wake(dev);
  await worker.nth(0);
  for (const installationId of [8, 9, 10]) await queues.wake({ ...dev, installationId });
  expect(await waitingEnvironments()).toEqual([]);
  expect(worker.taken).toHaveLength(1);
  await worker.finish(0);
  expect((await worker.nth(1)).job.data.installationId).toBe(10);
  await worker.finish(1);
  await queues.wake(prod);
  expect((await worker.nth(2)).job.data.environment).toBe("prod");
  await worker.close();
});

it("runs environments side by side, each one at a time", async () => {
  const worker = startWorker();
  for (let n = 0; n < 3; n += 1) {
    await queues.wake(dev);
    await queues.wake(prod);
  }
  await worker.nth(1);
  expect(worker.taken.map(({ job }) => job.data.environment).sort()).toEqual(["dev", "prod"]);
  await worker.close();
});

it("takes a wake-up at once although one is due later, and the other way round", async () => {
  await queues.wakeLater(dev, 60_000);
  await queues.wake(dev);
  expect(await queue.getJobCounts("waiting", "delayed")).toEqual({ waiting: 1, delayed: 1 });
  await queues.wakeLater(prod, 60_000);
  await queues.wake(prod);
  await queues.wakeLater(prod, 60_000);
  expect(await queue.getJobCounts("waiting", "delayed")).toEqual({ waiting: 2, delayed: 2 });
});

it("gives a later wake-up its name when it is due, in place of one that was due later still", async () => {
  const worker = startWorker();
  await queues.wakeLater(dev, 3_600_000);
  await queues.wakeLater(dev, 1);
  const { job } = await worker.nth(0);
  expect([job.name, job.data]).toEqual(["later", dev]);
  expect(await queue.getDelayedCount()).toBe(0);
  await worker.close();
});

it("goes on after Redis was wiped, also in the middle of a job", async () => {
  const worker = startWorker();
  await queues.wake(dev);
  await worker.nth(0);
  await commands.flushall();
  await queues.wake(dev);
  expect((await worker.nth(1)).job.data).toEqual(dev);
  await worker.close();
});

const event = (delivery: string): NotedEvent => ({
  delivery,
  ref: "refs/heads/dev",
  before: "a".repeat(40),
  after: "b".repeat(40),
  sender: "ada",
});

it("knows that events may have been lost with an earlier Redis, until somebody has caught up", async () => {
  const mark = await queues.missed(dev);
  expect(mark).toBeDefined();
  await queues.caughtUp(dev, mark ?? "");
  expect(await queues.missed(dev)).toBeUndefined();
  expect(await queues.missed(prod)).toBeDefined();
  await commands.flushall();
  await queues.caughtUp(dev, mark ?? "");
  const again = await queues.missed(dev);
  expect(again).toBeDefined();
  expect(again).not.toBe(mark);
});

it("keeps the newest fifty events of each environment, newest first, for three days", async () => {
  for (let n = 1; n <= 55; n += 1) await queues.noteEvent(dev, event(String(n)));
  await queues.noteEvent(prod, event("of prod"));
  const noted = await queues.events(dev);
  expect(noted.map(({ delivery }) => delivery)).toEqual(Array.from({ length: 50 }, (_, n) => String(55 - n)));
  expect(noted[0]).toEqual(event("55"));
  expect(await queues.events(prod)).toEqual([event("of prod")]);
  expect(await queues.events({ ...dev, repositoryId: 43 })).toEqual([]);
  const [key = ""] = await commands.keys(`${prefix}:events:*#dev`);
  expect(await commands.ttl(key)).toBeGreaterThan(3 * 24 * 3600 - 60);
});

it("leaves out notes that it does not understand", async () => {
  await queues.noteEvent(dev, event("1"));
  const [key = ""] = await commands.keys(`${prefix}:events:*`);
  await commands.lpush(key, '{"delivery":1}');
  expect(await queues.events(dev)).toEqual([event("1")]);
});

it("marks the wish for a deep look until it was served", async () => {
  await queues.wake(dev);
  expect(await queues.deepMark(dev)).toBeUndefined();
  await queues.wake(dev, { deep: true });
  const mark = await queues.deepMark(dev);
  if (mark === undefined) throw new Error("there is no mark");
  expect(await queues.deepMark(prod)).toBeUndefined();
  await queues.wake(dev);
  expect(await queues.deepMark(dev)).toBe(mark);
  await queues.clearDeepMark(dev, mark);
  expect(await queues.deepMark(dev)).toBeUndefined();
});

it("does not lose a wish for a deep look that comes during one", async () => {
  await queues.wake(dev, { deep: true });
  const served = await queues.deepMark(dev);
  await queues.wake(dev, { deep: true });
  await queues.clearDeepMark(dev, served ?? "");
  const mark = await queues.deepMark(dev);
  expect(mark).toBeDefined();
  expect(mark).not.toBe(served);
});

it("counts the seconds since something was first seen", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const began = Date.now();
  expect(await queues.secondsSince(dev, "a")).toBe(0);
  vi.setSystemTime(began + 90_000);
  expect(await queues.secondsSince(dev, "a")).toBe(90);
  expect(await queues.secondsSince(dev, "b")).toBe(0);
  expect(await queues.secondsSince(prod, "a")).toBe(0);
  await queues.forgetSeen(dev, "a");
  expect(await queues.secondsSince(dev, "a")).toBe(0);
  vi.setSystemTime(began + 100_000);
  expect(await queues.secondsSince(dev, "b")).toBe(10);
  await commands.flushall();
  expect(await queues.secondsSince(dev, "a")).toBe(0);
});
