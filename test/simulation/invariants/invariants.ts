import type { Simulation } from "../simulation.ts";
import { watchApplies } from "./applies.ts";
import { expectChecksClosed } from "./checks-closed.ts";
import { expectAppliedIsRecorded } from "./in-step.ts";
import { watchObedience } from "./obedience.ts";
import { watchPatience } from "./patience.ts";
import { expectProgress } from "./progress.ts";
import { watchPromotions } from "./promotions.ts";
import { expectRecordsInPlace, watchRecords } from "./records.ts";
import { watchRequests } from "./requests.ts";

/** Promises that are kept when the world is quiet; those of every moment are watched from the start. */
export interface Promises {
  whenQuiet(): void;
}

export function watchPromises(simulation: Simulation): Promises {
  const { world, truths } = simulation;
  watchRecords(world, truths);
  watchRequests(world, truths);
  watchObedience(world, truths);
  watchPromotions(world, truths);
  watchApplies(world, truths);
  watchPatience(world);
  return {
    whenQuiet: () => {
      for (const truth of truths.values()) {
        expectRecordsInPlace(world, truth);
        expectProgress(world, truths, truth);
        expectAppliedIsRecorded(world, truth);
      }
      expectChecksClosed(world);
    },
  };
}
