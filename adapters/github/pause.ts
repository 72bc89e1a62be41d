import { setTimeout } from "node:timers/promises";

/** Until when a client asks nothing, in milliseconds since 1970, by its id: clients of one id share one limit. */
const pauses = new Map<string, number>();

/** Lets all clients of an id ask nothing for so many seconds. */
export function pause(id: string, seconds: number): void {
  pauses.set(id, Math.max(pauses.get(id) ?? 0, Date.now() + seconds * 1000));
}

/**
 * `fetch`, but for pauses: GitHub bans who goes on asking while it limits them, and Octokit lets only the call wait
 * that was refused.
 */
export function patientFetch(id: string): typeof fetch {
  return async (input, init) => {
    const signal = init?.signal ?? undefined;
    for (let left = millisecondsLeft(id); left > 0; left = millisecondsLeft(id)) {
      await setTimeout(left, undefined, signal && { signal });
    }
    return await fetch(input, init);
  };
}

function millisecondsLeft(id: string): number {
  const left = (pauses.get(id) ?? 0) - Date.now();
  if (left <= 0) pauses.delete(id);
  return left;
}
