import { z } from "zod";
import type { Delivery, Handling } from "./handler.ts";
import { boundEnvironments, environmentsOfRef, repositoryEvent, target } from "./targets.ts";

const refPayload = z.intersection(
  repositoryEvent,
  z.object({ ref: z.string(), ref_type: z.string(), sender: z.object({ login: z.string() }) }),
);

/** `create` and `delete` say the same as `push`, only less: they wake, and nothing is noted. */
export async function onCreateOrDelete(delivery: Delivery, handling: Handling): Promise<void> {
  const event = refPayload.parse(delivery.payload);
  if (await handling.isSelf(event.sender.login)) return;
  const ref = `refs/${event.ref_type === "tag" ? "tags" : "heads"}/${event.ref}`;
  const bound = boundEnvironments(await handling.registry(), event.repository.id);
  for (const environment of environmentsOfRef(bound, ref)) {
    await handling.queues.wake(target(event, environment));
  }
}

const pullRequestPayload = z.intersection(
  repositoryEvent,
  z.object({
    pull_request: z.object({ merged: z.boolean().nullish(), base: z.object({ ref: z.string() }) }),
  }),
);

/** A merge moves the base branch; should its `push` get lost, this wakes the same environments. */
export async function onPullRequestClosed(delivery: Delivery, handling: Handling): Promise<void> {
  const event = pullRequestPayload.parse(delivery.payload);
  if (!event.pull_request.merged) return;
  const bound = boundEnvironments(await handling.registry(), event.repository.id);
  for (const environment of environmentsOfRef(bound, `refs/heads/${event.pull_request.base.ref}`)) {
    await handling.queues.wake(target(event, environment), { deep: true });
  }
}
