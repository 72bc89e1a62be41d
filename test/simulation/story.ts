import type { Simulation } from "./simulation.ts";
import type { Step } from "./step.ts";

/** A step as one line, as it looks right before it happens. */
export function describeStep(simulation: Simulation, step: Step): string {
  switch (step.do) {
    case "go": {
      const what = simulation.workers[step.worker]?.runs.get(step.env)?.parked[step.nth]?.what;
      return `worker ${step.worker + 1} (${step.env}) ${what}${step.fate === "well" ? "" : `: ${step.fate}`}`;
    }
    case "deliver": {
      const delivery = simulation.world.post.waiting()[step.nth];
      return `webhook ${delivery?.guid} (${JSON.stringify(delivery?.payload).slice(0, 150)}) arrives: ${step.how}`;
    }
    default:
      return JSON.stringify(step);
  }
}
