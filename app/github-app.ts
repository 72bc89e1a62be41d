import type { Probot } from "probot";
import { z } from "zod";
import { within } from "./deadline.ts";
import type { EventHandler, Handling } from "./events/handler.ts";
import { onInstallation } from "./events/installation.ts";
import { onCreateOrDelete, onPullRequestClosed } from "./events/look-again.ts";
import { onPush } from "./events/push.ts";
import { onCheckRunAgain, onCheckSuiteAgain } from "./events/rerun.ts";
import { ServiceUnavailable } from "./unavailable.ts";

/** Every event that Waymark hears; all others are answered and ignored. */
export const eventTable = {
  push: onPush,
  create: onCreateOrDelete,
  delete: onCreateOrDelete,
  "pull_request.closed": onPullRequestClosed,
  "check_run.rerequested": onCheckRunAgain,
  "check_run.requested_action": onCheckRunAgain,
  "check_suite.rerequested": onCheckSuiteAgain,
  "installation.created": onInstallation,
  "installation.unsuspend": onInstallation,
  "installation.new_permissions_accepted": onInstallation,
  "installation_repositories.added": onInstallation,
} as const satisfies Record<string, EventHandler>;

type EventName = keyof typeof eventTable;

/** Milliseconds. GitHub waits ten seconds for an answer; after nine Probot says 202, and a failure would be lost. */
const answerWithin = 8000;

/** Hangs the event table into Probot. */
export function registerEvents(probot: Probot, handling: Handling): void {
  for (const [name, handler] of Object.entries(eventTable) as [EventName, EventHandler][]) {
    probot.on(name, ({ id, payload }) => handle(handler, name, { id, payload }, handling));
  }
}

/** A payload of the wrong shape is nobody's order; everything else that fails must be delivered again. */
async function handle(
  handler: EventHandler,
  event: EventName,
  delivery: { id: string; payload: unknown },
  handling: Handling,
): Promise<void> {
  try {
    await within(answerWithin, handler(delivery, handling));
    handling.log.info({ event, delivery: delivery.id }, "heard");
  } catch (error) {
    if (error instanceof z.ZodError) {
      handling.log.warn(
        { event, delivery: delivery.id, issues: error.issues },
        "ignored: not the expected shape",
      );
      return;
    }
    handling.log.error({ event, delivery: delivery.id, err: error }, "not enqueued");
    throw new ServiceUnavailable(error);
  }
}
