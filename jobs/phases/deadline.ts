import { setMaxListeners } from "node:events";
import { type Failure, toFailure, WaymarkError } from "../../promotion/failure.ts";

/** The time a deployment has, and what its end means. */
export interface Deadline {
  /** Aborted when the time is over or the caller's own signal is. */
  readonly signal: AbortSignal;
  /** Milliseconds. */
  left(): number;
  /** What really ended the work: an abort explains whatever error it led to. */
  failureOf(error: unknown): Failure;
}

/** `seconds`: what the policy grants. `outer`: the worker's own stop. */
export function deadlineFor(seconds: number, outer: AbortSignal): Deadline {
  const end = performance.now() + seconds * 1000;
  const timeout = AbortSignal.timeout(seconds * 1000);
  const failureOf = (error: unknown) => {
    if (outer.aborted) return toFailure(interrupted());
    return toFailure(timeout.aborted ? tooLong(seconds) : error);
  };
  const signal = AbortSignal.any([outer, timeout]);
  // Every stack that runs listens: more of them than Node takes for a leak.
  setMaxListeners(0, signal);
  return { signal, left: () => end - performance.now(), failureOf };
}

function interrupted(): WaymarkError {
  return new WaymarkError({
    code: "interrupted",
    source: "service",
    class: "transient",
    message: "The worker was stopped before the deployment was through.",
    next: "Waymark takes the deployment up again by itself.",
  });
}

function tooLong(seconds: number): WaymarkError {
  return new WaymarkError({
    code: "deployment-timeout",
    source: "user",
    class: "unknown",
    message: `The deployment was stopped because it took longer than ${seconds} seconds.`,
    next: "Find out what takes so long, or raise `timeout` in the policy; then re-run.",
  });
}
