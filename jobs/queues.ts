import { randomUUID } from "node:crypto";
import type { ConnectionOptions } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { openedQueue } from "../adapters/redis/opened-queue.ts";

/** "Look at this environment of this repository again." It carries no work: the refs say what is to be done. */
export const wakeUp = z.object({
  installationId: z.number().int().positive(),
  repositoryId: z.number().int().positive(),
  environment: z.string(),
});
export type WakeUp = z.output<typeof wakeUp>;

/** A move of a ref as a webhook told it. Kept beside the queue, which drops the data of a job it has already. */
export const refEvent = z.object({
  delivery: z.string(),
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  sender: z.string(),
  /** In seconds since 1970. */
  at: z.number().optional(),
});
export type NotedEvent = z.output<typeof refEvent>;

export const reconcileQueue = "reconcile";
export const sweepQueue = "sweep";

/** What the web process and the workers share: the queue, and notes beside it. All of it may be lost at any time. */
export interface Queues {
  /** Durable once resolved. `deep`: look at check runs and events, too, not at refs alone. */
  wake(target: WakeUp, options?: { readonly deep?: boolean }): Promise<void>;
  /** A wake-up in some milliseconds, beside any that comes before. */
  wakeLater(target: WakeUp, delay: number): Promise<void>;
  noteEvent(target: WakeUp, event: NotedEvent): Promise<void>;
  /** Newest first. */
  events(target: WakeUp): Promise<readonly NotedEvent[]>;
  /** Undefined: no event was lost. Else some may have been, with an earlier Redis; gives a mark for `caughtUp`. */
  missed(target: WakeUp): Promise<string | undefined>;
  /** What was missed was read elsewhere, unless even the mark was lost meanwhile. */
  caughtUp(target: WakeUp, mark: string): Promise<void>;
  /** The mark of the newest wish for a deep look, if there is one. */
  deepMark(target: WakeUp): Promise<string | undefined>;
  /** Takes the mark away, unless there is a newer one. */
  clearDeepMark(target: WakeUp, mark: string): Promise<void>;
  /** Seconds since an object was first seen somewhere; 0 the first time. */
  secondsSince(target: WakeUp, what: string): Promise<number>;
  /** The next time counts as the first again. */
  forgetSeen(target: WakeUp, what: string): Promise<void>;
  close(): Promise<void>;
}

/** Who serialises: at most one active and one waiting job for each environment of each repository. */
export function environmentKey(target: Pick<WakeUp, "repositoryId" | "environment">): string {
  return `${target.repositoryId}#${target.environment}`;
}

/** Older events are in GitHub's own log. */
const keptEvents = 50;
const keptFor = 3 * 24 * 3600;
/** Many times as long as anybody counts; what was seen before that was another time. */
const seenFor = 3600;

/** `prefix` keeps several installations, and tests, apart in one Redis. */
export function openQueues(connection: Redis, prefix: string): Queues {
  const queue = openedQueue<WakeUp>(reconcileQueue, { connection: shared(connection), prefix });
  const key = (kind: string, target: WakeUp): string => `${prefix}:${kind}:${environmentKey(target)}`;
  const seenKey = (target: WakeUp, what: string): string => `${key("seen", target)}:${what}`;
  return {
    wake: async (target, options) => {
      const mark = `${Date.now()}-${Math.random()}`;
      if (options?.deep) await connection.set(key("deep", target), mark, "EX", keptFor);
      const look = { ...kept, deduplication: deduplication(environmentKey(target)) };
      await (await queue.use()).add("look", target, look);
    },
    wakeLater: async (target, delay) => {
      const id = `later ${environmentKey(target)}`;
      const later = { ...kept, delay, deduplication: { id, replace: true } };
      await (await queue.use()).add("later", target, later);
    },
    noteEvent: async (target, event) => {
      const list = key("events", target);
      await connection
        .multi()
        .lpush(list, JSON.stringify(event))
        .ltrim(list, 0, keptEvents - 1)
        .expire(list, keptFor)
        .exec();
    },
    events: async (target) => parseEvents(await connection.lrange(key("events", target), 0, -1)),
    missed: async (target) => {
      if ((await connection.get(key("missed", target))) === nothingMissed) return undefined;
      const mark = randomUUID();
      await connection.set(key("missed", target), mark);
      return mark;
    },
    caughtUp: async (target, mark) => {
      await connection.eval(replaceIfEqual, 1, key("missed", target), mark, nothingMissed);
    },
    deepMark: async (target) => (await connection.get(key("deep", target))) ?? undefined,
    clearDeepMark: async (target, mark) => {
      await connection.eval(deleteIfEqual, 1, key("deep", target), mark);
    },
    secondsSince: async (target, what) => {
      const seen = seenKey(target, what);
      await connection.set(seen, Date.now(), "EX", seenFor, "NX");
      const first = await connection.get(seen);
      return (Date.now() - Number(first ?? Date.now())) / 1000;
    },
    forgetSeen: async (target, what) => void (await connection.del(seenKey(target, what))),
    close: () => queue.close(),
  };
}

/** Finished jobs tell nobody anything: what happened is in the refs. */
const kept = { removeOnComplete: true, removeOnFail: 100 } as const;

/** While a job runs, the last wake-up is kept for afterwards; while one waits, it is enough. */
const deduplication = (id: string) => ({ id, keepLastIfActive: true, reschedule: true });

const deleteIfEqual =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

const nothingMissed = "nothing";

const replaceIfEqual =
  "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2]) end return 0";

function parseEvents(texts: readonly string[]): readonly NotedEvent[] {
  return texts.flatMap((text) => {
    const event = refEvent.safeParse(JSON.parse(text));
    return event.success ? [event.data] : [];
  });
}

/** BullMQ takes an ioredis client as it is; its own type lags behind. */
export function shared(connection: Redis): ConnectionOptions {
  return connection;
}
