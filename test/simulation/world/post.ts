import type { Clock } from "./world.ts";

/** A webhook: what it says, and how far it came. */
export interface Delivery {
  /** The same when it is delivered again. */
  readonly guid: string;
  readonly event: string;
  readonly payload: unknown;
  /** `vanished`: GitHub never sent it, and its log does not know it. */
  state: "waiting" | "delivered" | "failed" | "vanished";
  /** When it was heard, or its failure logged, for the first time. */
  knownAt?: Clock;
}

/** One attempt to deliver, as GitHub's log shows it. */
export interface LogEntry {
  readonly id: number;
  readonly delivery: Delivery;
  readonly ok: boolean;
}

/** GitHub's webhooks on their way, and its log of them. */
export interface Post {
  readonly all: readonly Delivery[];
  /** Newest last. */
  readonly log: readonly LogEntry[];
  send(event: string, payload: unknown): Delivery;
  noteAttempt(delivery: Delivery, ok: boolean, at: Clock): void;
  waiting(): readonly Delivery[];
}

export function createPost(): Post {
  const all: Delivery[] = [];
  const log: LogEntry[] = [];
  return {
    all,
    log,
    send: (event, payload) => {
      const delivery: Delivery = { guid: `guid-${all.length + 1}`, event, payload, state: "waiting" };
      all.push(delivery);
      return delivery;
    },
    noteAttempt: (delivery, ok, at) => {
      delivery.knownAt ??= { ...at };
      delivery.state = ok ? "delivered" : "failed";
      log.push({ id: log.length + 1, delivery, ok });
    },
    waiting: () => all.filter(({ state }) => state === "waiting"),
  };
}
