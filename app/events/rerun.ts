import { z } from "zod";
import {
  attemptOwnerIn,
  branchCheckName,
  goAheadId,
  requestCheckName,
  rerunId,
} from "../../promotion/check-name.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { Delivery, Handling } from "./handler.ts";
import { boundEnvironments, target } from "./targets.ts";
import { type Clicked, clicked, keepWish } from "./wish.ts";

const checkRunPayload = z.intersection(
  clicked,
  z.object({
    check_run: z.object({
      name: z.string(),
      head_sha: z.string(),
      external_id: z.string().nullish(),
      app: z.object({ id: z.number() }),
    }),
    /** Of one of our own buttons; Re-run is GitHub's. */
    requested_action: z.object({ identifier: z.string() }).optional(),
  }),
);
type CheckRunEvent = Clicked & z.output<typeof checkRunPayload>;

/** Re-run, or one of the buttons, on one of our check runs. */
export async function onCheckRunAgain(delivery: Delivery, handling: Handling): Promise<void> {
  const event = checkRunPayload.parse(delivery.payload);
  const { check_run: run, requested_action: action } = event;
  if (run.app.id !== handling.appId) return;
  const bound = boundEnvironments(await handling.registry(), event.repository.id);
  for (const environment of bound) {
    const isBranch = run.name === branchCheckName(environment.name);
    if (!isBranch && run.name !== requestCheckName(environment.name)) continue;
    if (action?.identifier === "approve" || action?.identifier === "resume") {
      await letGoOn(delivery, handling, event, environment);
    } else if (isBranch) {
      await askAgain(delivery, handling, event, {
        environment,
        commit: run.head_sha,
        force: action?.identifier === "force",
      });
    } else {
      await handling.queues.wake(target(event, environment), { deep: true });
    }
  }
}

const checkSuitePayload = z.intersection(
  clicked,
  z.object({
    check_suite: z.object({
      head_sha: z.string(),
      head_branch: z.string().nullable(),
      app: z.object({ id: z.number() }),
    }),
  }),
);

/** Re-run of all checks on a commit: of those environments that follow its branch. */
export async function onCheckSuiteAgain(delivery: Delivery, handling: Handling): Promise<void> {
  const event = checkSuitePayload.parse(delivery.payload);
  const { check_suite: suite } = event;
  if (suite.app.id !== handling.appId) return;
  const bound = boundEnvironments(await handling.registry(), event.repository.id);
  for (const environment of bound.filter(({ branch }) => branch !== null && branch === suite.head_branch)) {
    await askAgain(delivery, handling, event, { environment, commit: suite.head_sha, force: false });
  }
}

interface Again {
  readonly environment: Environment;
  readonly commit: string;
  readonly force: boolean;
}

async function askAgain(
  delivery: Delivery,
  handling: Handling,
  event: Clicked,
  { environment, commit, force }: Again,
): Promise<void> {
  await keepWish(delivery, handling, event, {
    environment,
    name: branchCheckName(environment.name),
    commit,
    externalId: rerunId({ by: event.sender.login, delivery: delivery.id, force }),
    title: "Waiting to run again",
  });
}

/**
 * An approval, or a word to resume. The check run that was read names the attempt, and the attempt's entry in the journal
 * holds what it waits with: so nothing is approved that was not shown there.
 */
async function letGoOn(
  delivery: Delivery,
  handling: Handling,
  event: CheckRunEvent,
  environment: Environment,
): Promise<void> {
  const { check_run: run, sender } = event;
  const owner = attemptOwnerIn(run.external_id ?? "");
  if (owner === undefined) return;
  await keepWish(delivery, handling, event, {
    environment,
    name: run.name,
    commit: run.head_sha,
    externalId: goAheadId({ by: sender.login, delivery: delivery.id, owner }),
    title: "Waiting to go on",
  });
}
