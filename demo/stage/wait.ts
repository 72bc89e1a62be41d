import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds between two looks. */
const usualInterval = 50;
/** Seconds: the first deployment downloads the app's dependencies, and networks can be slow. */
const patience = 280;

export interface Waiting {
  readonly seconds?: number;
  readonly interval?: number;
}

/**
 * Looks again and again until there is something to see, and gives it. Errors of a look count as nothing seen yet; the
 * last one is told when time (in seconds) is up.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { seconds = patience, interval = usualInterval }: Waiting = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let problem = "";
  while (Date.now() < end) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      problem = "";
    } catch (error) {
      problem = `: ${error instanceof Error ? error.message : error}`;
    }
    await pause(interval);
  }
  throw new Error(`waited ${seconds} s in vain for ${what}${problem}`);
}
