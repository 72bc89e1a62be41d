import { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { shared, sweepQueue } from "./queues.ts";
import { type Sweeping, sweep } from "./sweep.ts";

export interface SweeperOptions {
  /** For commands, and for waiting in Redis. */
  readonly commands: Redis;
  readonly waiting: Redis;
  readonly prefix: string;
  readonly seconds: number;
  readonly sweeping: Sweeping;
}

export interface Sweeper {
  close(): Promise<void>;
}

/**
 * Sweeps at a steady pace, however many workers there are. The first sweep on a Redis that knows no earlier one is
 * deep: the queue was lost, or never was. A worker's own start is deep, too.
 */
export function startSweeper(options: SweeperOptions): Sweeper {
  const { commands, waiting, prefix, seconds, sweeping } = options;
  const queue = new Queue(sweepQueue, { connection: shared(commands), prefix });
  const worker = new Worker(
    sweepQueue,
    async (job) => sweep(sweeping, { deep: (await isNewRedis(commands, prefix)) || job.name === "start" }),
    { connection: shared(waiting), prefix },
  );
  worker.on("error", (error) => sweeping.log.warn({ err: error }, "the queue does not answer"));
  /** Said again each time, since a wiped Redis forgets its schedules. */
  const schedule = (): void => {
    const every = { every: seconds * 1000 };
    queue
      .upsertJobScheduler("sweep", every, {
        name: "sweep",
        opts: { removeOnComplete: true, removeOnFail: 10 },
      })
      .catch((error: unknown) => sweeping.log.warn({ err: error }, "could not schedule the sweep"));
  };
  schedule();
  queue
    .add("start", {}, { removeOnComplete: true, removeOnFail: 10 })
    .catch((error: unknown) => sweeping.log.warn({ err: error }, "could not start the first sweep"));
  const timer = setInterval(schedule, seconds * 1000);
  return {
    close: async () => {
      clearInterval(timer);
      await worker.close();
      await queue.close();
    },
  };
}

/** True once for each Redis that was empty. */
async function isNewRedis(connection: Redis, prefix: string): Promise<boolean> {
  return (await connection.set(`${prefix}:known`, Date.now(), "NX")) !== null;
}
