import { z } from "zod";
import type { WakeUp } from "../../jobs/queues.ts";
import { branchCheckName, requestCheckName, rerunId } from "../../promotion/check-name.ts";
import type { Environment } from "../../promotion/environment.ts";
import { branchRef } from "../../promotion/ref.ts";
import type { Delivery, Handling } from "./handler.ts";
import { boundEnvironments, type RepositoryEvent, repositoryEvent, target } from "./targets.ts";

const clicked = z.intersection(
  repositoryEvent,
  z.object({
    repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
    sender: z.object({ login: z.string() }),
  }),
);

const checkRunPayload = z.intersection(
  clicked,
  z.object({
    check_run: z.object({
      name: z.string(),
      head_sha: z.string(),
      app: z.object({ id: z.number() }),
    }),
  }),
);

/** Re-run (or the Retry button) on one of our check runs. */
export async function onCheckRunAgain(delivery: Delivery, handling: Handling): Promise<void> {
  const event = checkRunPayload.parse(delivery.payload);
  const { check_run: run } = event;
  if (run.app.id !== handling.appId) return;
  const bound = boundEnvironments(await handling.registry(), event.repository.id);
  for (const environment of bound) {
    if (run.name === branchCheckName(environment.name)) {
      await askAgain(delivery, handling, event, environment, run.head_sha);
    }
    if (run.name === requestCheckName(environment.name)) {
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
    await askAgain(delivery, handling, event, environment, suite.head_sha);
  }
}

/** First written down where it cannot get lost, then a wake-up. Whether the person may is judged by the worker. */
async function askAgain(
  delivery: Delivery,
  handling: Handling,
  event: RepositoryEvent & z.output<typeof clicked>,
  environment: Environment,
  commit: string,
): Promise<void> {
  const wakeUp = target(event, environment);
  if (!(await wasWrittenDown(delivery, handling, wakeUp)))
    await writeDown(delivery, handling, event, environment, commit);
  await handling.queues.wake(wakeUp, { deep: true });
}

/** A delivery that failed behind its note comes again: one click is one re-run. */
async function wasWrittenDown(
  { id }: Delivery,
  { queues }: Pick<Handling, "queues">,
  wakeUp: WakeUp,
): Promise<boolean> {
  return (await queues.events(wakeUp)).some(({ delivery }) => delivery === id);
}

async function writeDown(
  delivery: Delivery,
  handling: Handling,
  event: RepositoryEvent & z.output<typeof clicked>,
  environment: Environment,
  commit: string,
): Promise<void> {
  await handling.queueCheck({
    installationId: event.installation.id,
    owner: event.repository.owner.login,
    repo: event.repository.name,
    name: branchCheckName(environment.name),
    commit,
    externalId: rerunId({ by: event.sender.login, delivery: delivery.id }),
    title: "Waiting to run again",
    summary: `Asked for by @${event.sender.login}.`,
  });
  const wakeUp = target(event, environment);
  await noteCommit(handling, wakeUp, environment, { commit, by: event.sender.login, delivery: delivery.id });
}

/** Names the commit to the worker: on one that is no head any more, the queued check run has to be closed. */
async function noteCommit(
  { queues }: Handling,
  wakeUp: WakeUp,
  { branch }: Environment,
  asked: { commit: string; by: string; delivery: string },
): Promise<void> {
  if (branch === null) return;
  const { commit, by, delivery } = asked;
  await queues.noteEvent(wakeUp, {
    delivery,
    ref: branchRef(branch),
    before: commit,
    after: commit,
    sender: by,
    at: Date.now() / 1000,
  });
}
