import { WaymarkError } from "../../promotion/failure.ts";

/** AWS gives no session a shorter life, in seconds. */
const shortest = 900;

/** Nor a longer one to who is in a session already, as the worker is wherever it has no key of its own. */
const longest = 3_600;

/** Seconds between the moment when a session begins and the moment when a program that is given its keys runs. */
const margin = 120;

/** The longest that one step may take on the keys of one session, in seconds. */
export const longestStep = longest - margin;

/** How long a session is asked for, so that its step may take this long. Both in seconds. */
export function durationFor(step: number): number {
  return Math.min(longest, Math.max(shortest, Math.ceil(step) + margin));
}

/** Whether keys still live as long as a step may take. `step`: seconds; `now`: milliseconds. */
export const outlives = (expiresAt: number, step: number, now: number): boolean =>
  expiresAt - now >= step * 1000;

/**
 * No step may be started that its keys don't outlive: an apply whose keys expire can't store its state.
 * Error (service): `session-too-short`.
 */
export function assertOutlives(expiresAt: number, step: number, now: number): void {
  if (outlives(expiresAt, step, now)) return;
  const left = Math.max(0, Math.floor((expiresAt - now) / 1000));
  throw new WaymarkError({
    code: "session-too-short",
    source: "service",
    class: "credentials",
    message: `The session's keys live ${left} s more, and the step may take ${step} s.`,
    next: `Let no stack take longer than ${longestStep} s (timeout in the policy), and look whether the worker's clock is right.`,
  });
}
