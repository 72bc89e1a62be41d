import { z } from "zod";
import { WaymarkError } from "../promotion/failure.ts";

const stateSchema = z.looseObject({ resources: z.array(z.unknown()) });

/** How many resources a state holds; 1 for what is no state, since nobody can tell. Data sources count too. */
export function resourcesIn(state: string): number {
  try {
    return stateSchema.parse(JSON.parse(state)).resources.length;
  } catch {
    return 1;
  }
}

/** Without their states nobody could find, change or remove these resources any more. */
export function inUse(states: readonly string[]): WaymarkError {
  return new WaymarkError({
    code: "core-in-use",
    source: "user",
    class: "configuration",
    message: `These states still hold resources: ${states.join(", ")}.`,
    next: "Destroy what was deployed there first (terraform destroy), then run this again.",
  });
}
