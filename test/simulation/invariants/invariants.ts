import { isForged } from "../people/tamper.ts";
import type { Simulation } from "../simulation.ts";
import type { World } from "../world/world.ts";
import { watchApplies } from "./applies.ts";
import { watchApprovals } from "./approvals.ts";
import { expectChecksClosed } from "./checks-closed.ts";
import { expectAppliedIsRecorded } from "./in-step.ts";
import { watchObedience } from "./obedience.ts";
import { watchPatience } from "./patience.ts";
import { expectProgress } from "./progress.ts";
import { watchPromotions } from "./promotions.ts";
import { expectProvisioned, watchProvisioning } from "./provisioning.ts";
import { readPresent } from "./read.ts";
import { expectRecordsInPlace, watchRecords } from "./records.ts";
import { watchRequests } from "./requests.ts";
import type { Truth } from "./truth.ts";

/** Promises that are kept when the world is quiet; those of every moment are watched from the start. */
export interface Promises {
  whenQuiet(): void;
}

function isOnHold(world: World, { name }: Truth): boolean {
  const { current, attempt } = readPresent(world, name);
  return isForged(world, current) || isForged(world, attempt);
}

export function watchPromises(simulation: Simulation): Promises {
  const { world, truths } = simulation;
  watchRecords(world, truths);
  watchRequests(world, truths);
  watchObedience(world, truths);
  watchPromotions(world, truths);
  watchApplies(world);
  watchProvisioning(world, truths);
  watchPatience(world);
  const approvals = watchApprovals(world, truths);
  return {
    whenQuiet: () => {
      for (const truth of truths.values()) {
        // Under a key that nobody trusts everything is held, and a person has to look first.
        if (isOnHold(world, truth)) continue;
        expectRecordsInPlace(world, truth);
        expectProgress(world, truths, truth);
        expectAppliedIsRecorded(world, truth);
        expectProvisioned(world, truth);
        approvals.expectHeard(truth);
      }
      expectChecksClosed(world);
    },
  };
}
