import { z } from "zod";
import { attemptRef } from "../../../promotion/ref.ts";
import type { Delivery } from "../world/post.ts";
import { botLogin, type World } from "../world/world.ts";
import { Violation } from "./violation.ts";

/** No check run stays open, and no Deployment says that it is under way. */
export function expectChecksClosed({ board, environments, post }: World): void {
  const check = board.checks.find(({ status }) => status !== "completed");
  if (check)
    throw new Violation("no check run left open", `${check.name} on ${check.commit}: ${check.title}`);
  // Once a stranger's tag took the journal, and GitHub told nobody, nothing leads to the attempt and its Deployment.
  if (environments.some(({ name }) => post.all.some((delivery) => isLostTheft(delivery, attemptRef(name)))))
    return;
  const deployment = board.deployments.find(({ states }) => states.at(-1) === "in_progress");
  if (deployment) throw new Violation("no Deployment left open", `${deployment.id} of ${deployment.commit}`);
}

const pushed = z.object({ ref: z.string(), sender: z.object({ login: z.string() }) });

function isLostTheft({ state, payload }: Delivery, ref: string): boolean {
  const push = pushed.safeParse(payload).data;
  return state === "vanished" && push?.ref === ref && push.sender.login !== botLogin;
}
