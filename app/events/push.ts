import { z } from "zod";
import { pushPayload, refEventOf } from "../../adapters/github/deliveries.ts";
import type { Delivery, Handling } from "./handler.ts";
import { boundEnvironments, environmentsOfRef, repositoryEvent, target } from "./targets.ts";

const payload = z.intersection(repositoryEvent, pushPayload);

/**
 * A branch or tag moved: note who moved it, and wake its environments. Waymark's own pushes are noted only: whoever
 * pushed already knows.
 */
export async function onPush(delivery: Delivery, handling: Handling): Promise<void> {
  const push = payload.parse(delivery.payload);
  const bound = boundEnvironments(await handling.registry(), push.repository.id);
  const concerned = environmentsOfRef(bound, push.ref);
  const self = await handling.isSelf(push.sender.login);
  for (const environment of concerned) {
    const wakeUp = target(push, environment);
    await handling.queues.noteEvent(wakeUp, refEventOf(delivery.id, push));
    if (!self) await handling.queues.wake(wakeUp, { deep: true });
  }
}
