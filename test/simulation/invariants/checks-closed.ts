import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

/** No check run stays open, and no Deployment says that it is under way. */
export function expectChecksClosed({ board }: World): void {
  const check = board.checks.find(({ status }) => status !== "completed");
  if (check)
    throw new Violation("no check run left open", `${check.name} on ${check.commit}: ${check.title}`);
  const deployment = board.deployments.find(({ states }) => states.at(-1) === "in_progress");
  if (deployment) throw new Violation("no Deployment left open", `${deployment.id} of ${deployment.commit}`);
}
