import type { Queues } from "../../../jobs/queues.ts";
import type { World } from "../world/world.ts";
import type { Thread } from "./thread.ts";

const keptEvents = 50;
const seenFor = 3600;
const nothingMissed = "nothing";

/** The queue and the notes beside it, as workers and the web process use them. */
export function queuesPort({ redis, clock, watch }: World, thread: Thread): Queues {
  return {
    wake: ({ environment }, options) =>
      thread.at({
        what: `wakes ${environment}${options?.deep ? " for a deep look" : ""}`,
        happen: () => {
          if (options?.deep) redis.slot(environment).deepMark = redis.newMark();
          redis.wake(environment);
        },
      }),
    wakeLater: ({ environment }) =>
      thread.at({
        what: `orders a later wake-up for ${environment}`,
        happen: () => {
          redis.slot(environment).later = true;
        },
      }),
    noteEvent: async ({ environment }, event) => {
      const slot = redis.slot(environment);
      slot.events = [event, ...slot.events].slice(0, keptEvents);
    },
    events: async ({ environment }) => {
      watch((watcher) => watcher.eventsRead?.(thread));
      return redis.slot(environment).events;
    },
    missed: async ({ environment }) => {
      const slot = redis.slot(environment);
      if (slot.missed === nothingMissed) return undefined;
      slot.missed = redis.newMark();
      return slot.missed;
    },
    caughtUp: ({ environment }, mark) =>
      thread.at({
        what: "notes that nothing is missed any more",
        happen: () => {
          const slot = redis.slot(environment);
          if (slot.missed === mark) slot.missed = nothingMissed;
        },
      }),
    deepMark: async ({ environment }) => redis.slot(environment).deepMark,
    clearDeepMark: ({ environment }, mark) =>
      thread.at({
        what: "takes back the wish for a deep look",
        happen: () => {
          const slot = redis.slot(environment);
          if (slot.deepMark === mark) slot.deepMark = undefined;
        },
      }),
    secondsSince: async ({ environment }, what) => {
      const { seen } = redis.slot(environment);
      const noted = seen.get(what) ?? Number.NEGATIVE_INFINITY;
      const first = noted + seenFor > clock.seconds ? noted : clock.seconds;
      seen.set(what, first);
      return clock.seconds - first;
    },
    forgetSeen: async ({ environment }, what) => void redis.slot(environment).seen.delete(what),
    close: async () => undefined,
  };
}
