import type { DeploymentProgress } from "./phases/deployment.ts";

/** Measures the phases of a run by the events that tell of their beginnings. */
export interface PhaseClock {
  note(event: DeploymentProgress): void;
  /** Milliseconds since the run began. */
  elapsed(): number;
  /** Milliseconds by phase, in the order in which they began; what comes before the first one is the checkout. */
  phases(): ReadonlyMap<string, number>;
}

export function startPhaseClock(now: () => number = () => performance.now()): PhaseClock {
  const began = now();
  const phases = new Map<string, number>();
  let current = { phase: "checkout", since: began };
  const settle = (): void => {
    phases.set(current.phase, (phases.get(current.phase) ?? 0) + now() - current.since);
  };
  return {
    note: ({ phase, stack }) => {
      if (stack !== undefined) return;
      settle();
      current = { phase, since: now() };
    },
    elapsed: () => now() - began,
    phases: () => {
      settle();
      current = { ...current, since: now() };
      return phases;
    },
  };
}
