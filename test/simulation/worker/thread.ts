/** How an effect ends: as it should, with its answer lost, or without having happened. */
export type Fate = "well" | "answer-lost" | "unreachable" | "broken";

/** One thing a worker does to the world outside, all at once. */
export interface Effect<T> {
  /** For the story: `pushes deploy/dev/attempt`. */
  readonly what: string;
  happen(): T;
  /** Of a process on the worker's own machine: no network can lose it, but it may break down. */
  readonly local?: { breakDown(): T } | undefined;
  /** False while it has to wait: for a lock, or for another process to end. */
  readonly isReady?: (() => boolean) | undefined;
}

/** An effect that waits for its turn. */
export interface Parked {
  readonly what: string;
  /** How it may end. */
  readonly fates: readonly Fate[];
  isReady(): boolean;
  pass(fate: Fate): void;
  abandon(error: Error): void;
}

/** One run of a job: code that stops before each of its effects until the scheduler lets it go on. */
export interface Thread {
  readonly parked: readonly Parked[];
  isAlive(): boolean;
  at<T>(effect: Effect<T>): Promise<T>;
  /** Lets one parked effect happen. */
  pass(index: number, fate: Fate): void;
  /** The process is gone: nothing of this run has an effect any more. */
  kill(): void;
}

/** What code meets whose process is gone. */
export class Killed extends Error {
  override readonly name = "Killed";
}

class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

export function createThread(): Thread {
  const parked: Parked[] = [];
  let alive = true;
  return {
    parked,
    isAlive: () => alive,
    at: (effect) => {
      if (!alive) return Promise.reject(new Killed(effect.what));
      return new Promise((resolve, reject) => parked.push(park(effect, resolve, reject)));
    },
    pass: (index, fate) => {
      const [chosen] = parked.splice(index, 1);
      chosen?.pass(fate);
    },
    kill: () => {
      alive = false;
      for (const one of parked.splice(0)) one.abandon(new Killed(one.what));
    },
  };
}

/** A thread whose effects happen at once: for code of which no interleaving matters. */
export function createStraightThread(): Thread {
  return {
    parked: [],
    isAlive: () => true,
    at: async (effect) => effect.happen(),
    pass: () => undefined,
    kill: () => undefined,
  };
}

function park<T>(effect: Effect<T>, resolve: (value: T) => void, reject: (error: unknown) => void): Parked {
  const settle = (act: () => T, fate: Fate): void => {
    try {
      const value = act();
      if (fate === "answer-lost") reject(new ConnectionLost(effect.what));
      else resolve(value);
    } catch (error) {
      reject(error);
    }
  };
  return {
    what: effect.what,
    fates: effect.local ? ["well", "broken"] : ["well", "answer-lost", "unreachable"],
    isReady: () => effect.isReady?.() ?? true,
    abandon: reject,
    pass: (fate) => {
      if (fate === "unreachable") reject(new ConnectionLost(effect.what));
      else settle(fate === "broken" ? (effect.local?.breakDown ?? effect.happen) : effect.happen, fate);
    },
  };
}

/** Lets all code run on until it waits for an effect: Node empties the queue of promises before the next tick. */
export const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
