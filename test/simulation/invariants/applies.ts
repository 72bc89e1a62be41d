import { parseDeployRef } from "../../../promotion/ref.ts";
import type { World } from "../world/world.ts";
import { attemptAt } from "./truth.ts";
import { Violation } from "./violation.ts";

/**
 * One mutating run for each environment: once a later attempt has applied something to a stack, no earlier one does.
 * Two runs may overlap in time, but the state lock and the serial decide which of them may still change anything.
 */
export function watchApplies(world: World): void {
  const latest = new Map<string, number>();
  /** When each attempt came into the journal last: a stranger may put an old one back, and then it is the newest. */
  const journaled = new Map<string, number>();
  let entries = 0;
  world.watchers.push({
    pushed: ({ moves }) => {
      for (const { ref, after } of moves) {
        const attempt =
          after !== undefined && parseDeployRef(ref)?.kind === "attempt" && attemptAt(world, after);
        entries += 1;
        if (attempt) journaled.set(attempt.owner, entries);
      }
    },
    planBegins: (owner) => {
      if (!journaled.has(owner))
        throw new Violation("nothing planned that is not journaled", `a plan of ${owner}`);
    },
    applyBegins: ({ environment, stack, attempt, commit }) => {
      const order = journaled.get(attempt);
      const key = `${environment} ${stack}`;
      if (order === undefined)
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
