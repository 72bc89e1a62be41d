import type { NotedEvent } from "../../../jobs/queues.ts";

/** What Redis holds for one environment: the queue's jobs, and the notes beside them. */
export interface Slot {
  /** Waits to be taken; `stalled`: its last worker went silent. */
  waiting: { readonly stalled: boolean } | undefined;
  /** The run that holds the job's lease. */
  active: object | undefined;
  /** A wake-up that came while one was active: kept for afterwards. */
  another: boolean;
  /** A wake-up in some seconds. */
  later: boolean;
  events: readonly NotedEvent[];
  deepMark: string | undefined;
  readonly seen: Map<string, number>;
  /** Undefined: nobody looked for what was missed since the last wipe. */
  missed: string | undefined;
}

/** A queue as BullMQ keeps it with `keepLastIfActive`: at most one active and one waiting job for an environment. */
export interface RedisModel {
  slot(environment: string): Slot;
  /** Each differs from all before, also from those of before a wipe. */
  newMark(): string;
  wake(environment: string): void;
  /** Takes the waiting job; `run` holds its lease from now on. */
  take(environment: string, run: object): { readonly stalled: boolean };
  /** Ends the job, if that run still holds its lease. */
  finish(environment: string, run: object): void;
  /** The lease of the active job is over: somebody else may take it. */
  expire(environment: string): void;
  /** True once after a wipe: the first sweep that asks is a deep one. */
  isNew(): boolean;
  wipe(): void;
}

export function createRedis(): RedisModel {
  const slots = new Map<string, Slot>();
  let known = false;
  let marks = 0;
  const slot = (environment: string): Slot => {
    const held = slots.get(environment) ?? emptySlot();
    slots.set(environment, held);
    return held;
  };
  return {
    slot,
    newMark: () => {
      marks += 1;
      return String(marks);
    },
    wake: (environment) => {
      const held = slot(environment);
      if (held.active) held.another = true;
      else held.waiting ??= { stalled: false };
    },
    take: (environment, run) => {
      const held = slot(environment);
      const job = held.waiting ?? { stalled: false };
      held.waiting = undefined;
      held.active = run;
      return job;
    },
    finish: (environment, run) => {
      const held = slot(environment);
      if (held.active !== run) return;
      held.active = undefined;
      if (held.another) held.waiting = { stalled: false };
      held.another = false;
    },
    expire: (environment) => {
      const held = slot(environment);
      held.active = undefined;
      held.waiting = { stalled: true };
    },
    isNew: () => {
      const isNew = !known;
      known = true;
      return isNew;
    },
    wipe: () => {
      slots.clear();
      known = false;
    },
  };
}

const emptySlot = (): Slot => ({
  waiting: undefined,
  active: undefined,
  another: false,
  later: false,
  events: [],
  deepMark: undefined,
  seen: new Map(),
  missed: undefined,
});
