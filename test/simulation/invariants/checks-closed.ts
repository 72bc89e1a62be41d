import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

/**
 * No check run stays open. Deployments are not promised: GitHub tells no state when it lists them, so they are found by
 * their attempts alone, and nothing leads any more to one that a paused worker makes after all others are done with its
 * attempt.
 */
export function expectChecksClosed({ board }: World): void {
  const check = board.checks.find(({ status }) => status !== "completed");
  if (check)
    throw new Violation("no check run left open", `${check.name} on ${check.commit}: ${check.title}`);
}
