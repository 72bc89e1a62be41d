import { z } from "zod";
import type { Delivery, Handling } from "./handler.ts";
import { boundEnvironments, target } from "./targets.ts";

const repositories = z.array(z.object({ id: z.number().int().positive() })).optional();

const payload = z.object({
  installation: z.object({ id: z.number().int().positive() }),
  repositories,
  repositories_added: repositories,
});

/** Waymark may see repositories that it could not see before: look at all their environments. */
export async function onInstallation(delivery: Delivery, handling: Handling): Promise<void> {
  const event = payload.parse(delivery.payload);
  const registry = await handling.registry();
  for (const repository of [...(event.repositories ?? []), ...(event.repositories_added ?? [])]) {
    for (const environment of boundEnvironments(registry, repository.id)) {
      const wakeUp = target({ repository, installation: event.installation }, environment);
      await handling.queues.wake(wakeUp, { deep: true });
    }
  }
}
