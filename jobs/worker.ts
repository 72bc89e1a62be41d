import { type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "../adapters/log/logger.ts";
import { environmentKey, reconcileQueue, shared, type WakeUp, wakeUp } from "./queues.ts";
import { reconcile } from "./reconcile.ts";
import type { Services } from "./services.ts";
import type { Sessions } from "./session.ts";

/** Milliseconds: how long a worker that went silent keeps its job, and how often that is looked at. */
const lease = 10_000;
const leaseCheck = 5000;
/** Milliseconds until an environment whose look failed is looked at again. */
const afterError = 15_000;

/** What a look takes. */
export interface Looking {
  readonly services: Services;
  readonly sessions: Pick<Sessions, "open" | "forget">;
  readonly log: Logger;
}

export interface WorkerOptions extends Looking {
  readonly sessions: Sessions;
  readonly connection: Redis;
  readonly prefix: string;
  readonly concurrency: number;
}

/** What a job says. */
export type WakeUpJob = Pick<Job<WakeUp>, "name" | "data" | "stalledCounter">;

/** Takes wake-ups from the queue and looks at their environments. */
export function startWorker(options: WorkerOptions): Worker<WakeUp> {
  const { connection, prefix, concurrency, log } = options;
  const worker = new Worker<WakeUp>(reconcileQueue, (job) => takeUp(job, options), {
    connection: shared(connection),
    prefix,
    concurrency,
    lockDuration: lease,
    stalledInterval: leaseCheck,
    // A job may well outlive several workers: the refs, not a counter, say when it is done.
    maxStalledCount: 1_000_000,
  });
  worker.on("error", (error) => log.warn({ err: error }, "the queue does not answer"));
  return worker;
}

/** Carries out one wake-up. A look that fails is repeated after a while, not by the queue's own backoff. */
export async function takeUp(job: WakeUpJob, options: Looking): Promise<void> {
  const target = wakeUp.parse(job.data);
  const { queues } = options.services;
  if (job.name === "later") return await queues.wake(target, { deep: true });
  const mark = await queues.deepMark(target);
  const deep = mark !== undefined || job.stalledCounter > 0;
  const log = options.log.child({ environment: environmentKey(target) });
  try {
    await look(target, deep, options, log);
    if (mark !== undefined) await queues.clearDeepMark(target, mark);
  } catch (error) {
    log.error({ err: error }, "the look failed");
    options.sessions.forget(target.repositoryId);
    await queues.wakeLater(target, afterError);
  }
}

async function look(target: WakeUp, deep: boolean, options: Looking, log: Logger): Promise<void> {
  const session = await options.sessions.open(target);
  if (!session) return log.info("not provisioned for this repository");
  await reconcile({ session, services: options.services, deep, log });
}
