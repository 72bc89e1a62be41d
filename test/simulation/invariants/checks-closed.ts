import { z } from "zod";
import { attemptRef } from "../../../promotion/ref.ts";
import type { Delivery } from "../world/post.ts";
import { botLogin, type World } from "../world/world.ts";
import { Violation } from "./violation.ts";

/** No check run stays open, and no Deployment says that it is under way. */
export function expectChecksClosed(world: World): void {
  const { board } = world;
  const check = board.checks.find(({ status }) => status !== "completed");
  if (check)
    throw new Violation("no check run left open", `${check.name} on ${check.commit}: ${check.title}`);
  if (mayForgetDeployments(world)) return;
  const deployment = board.deployments.find(({ states }) => states.at(-1) === "in_progress");
  if (deployment) throw new Violation("no Deployment left open", `${deployment.id} of ${deployment.commit}`);
}

/**
 * GitHub tells no state when it lists Deployments, so they are found by their attempts alone. Nothing leads to one any
 * more that a worker makes after others are done with its attempt, and does not live (or can't reach GitHub) to close;
 * nor to one whose attempt was overwritten by a stranger, of which GitHub told nobody.
 */
function mayForgetDeployments({ environments, post, mishaps }: World): boolean {
  const refs = environments.map(({ name }) => attemptRef(name));
  return mishaps > 0 || post.all.some((delivery) => refs.some((ref) => isLostTheft(delivery, ref)));
}

const pushed = z.object({ ref: z.string(), sender: z.object({ login: z.string() }) });

function isLostTheft({ state, payload }: Delivery, ref: string): boolean {
  const push = pushed.safeParse(payload).data;
  return state === "vanished" && push?.ref === ref && push.sender.login !== botLogin;
}
