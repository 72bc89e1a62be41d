import { z } from "zod";
import type { WakeUp } from "../../jobs/queues.ts";
import type { Environment } from "../../promotion/environment.ts";
import { branchRef } from "../../promotion/ref.ts";
import type { Delivery, Handling } from "./handler.ts";
import { type RepositoryEvent, repositoryEvent, target } from "./targets.ts";

/** What every click on a check says. */
export const clicked = z.intersection(
  repositoryEvent,
  z.object({
    repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
    sender: z.object({ login: z.string() }),
  }),
);
export type Clicked = RepositoryEvent & z.output<typeof clicked>;

/** What somebody asks for by a click: the check run that keeps it. */
export interface Wish {
  readonly environment: Environment;
  readonly name: string;
  readonly commit: string;
  readonly externalId: string;
  readonly title: string;
}

/** First written down where it cannot get lost, then a wake-up. Whether the person may is judged by the worker. */
export async function keepWish(
  delivery: Delivery,
  handling: Handling,
  event: Clicked,
  wish: Wish,
): Promise<void> {
  const wakeUp = target(event, wish.environment);
  if (!(await wasWrittenDown(delivery, handling, wakeUp))) await writeDown(delivery, handling, event, wish);
  await handling.queues.wake(wakeUp, { deep: true });
}

/** A delivery that failed behind its note comes again: one click is one wish. */
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
  event: Clicked,
  { environment, name, commit, externalId, title }: Wish,
): Promise<void> {
  const by = event.sender.login;
  await handling.queueCheck({
    installationId: event.installation.id,
    owner: event.repository.owner.login,
    repo: event.repository.name,
    name,
    commit,
    externalId,
    title,
    summary: `Asked for by @${by}.`,
  });
  await noteCommit(handling, target(event, environment), environment, { commit, by, delivery: delivery.id });
}

/** Names the commit to the worker: on one that nobody looks at any more, the queued check run has to be closed. */
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
