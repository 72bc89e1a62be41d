import type { World } from "../world/world.ts";
import type { Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

/**
 * One mutating run for each environment: once a later attempt has applied something to a stack, no earlier one does.
 * Two runs may overlap in time, but the state lock and the serial decide which of them may still change anything.
 */
export function watchApplies(world: World, truths: Truths): void {
  const latest = new Map<string, number>();
  world.watchers.push({
    applyBegins: ({ environment, stack, attempt, commit }) => {
      const attempts = truths.get(environment)?.attempts ?? [];
      const order = attempts.findIndex((one) => one.attempt.owner === attempt);
      const key = `${environment} ${stack}`;
      if (order < 0)
        throw new Violation("one mutating run", `an apply of ${commit} that no attempt announced`);
      if (order < (latest.get(key) ?? -1))
        throw new Violation(
          "one mutating run",
          `${commit} is applied to ${key} by an attempt that was superseded`,
        );
      latest.set(key, order);
    },
  });
}
