import { LRUCache } from "lru-cache";
import { z } from "zod";
import { isObjectId, type ObjectId } from "../../promotion/object-id.ts";
import type { GitHubClient } from "./client.ts";

/** A move of a ref as GitHub told it. */
export interface RefEvent {
  /** The delivery's GUID: the same when GitHub delivers it again. */
  readonly delivery: string;
  /** Full name. */
  readonly ref: string;
  readonly before: ObjectId;
  /** All zeros: the ref was deleted. For an annotated tag the tag object, not the commit. */
  readonly after: ObjectId;
  readonly sender: string;
  /** When it was pushed, in seconds since 1970: webhooks may overtake each other. */
  readonly at?: number | undefined;
}

const objectId = z.string().refine(isObjectId);

/** GitHub writes this one moment as a number in `push` events, and as text everywhere else. */
const moment = z
  .union([z.number(), z.string().transform((text) => Date.parse(text) / 1000)])
  .nullish()
  .transform((seconds) => seconds || 0);

/** The part of a `push` payload that Waymark reads. */
export const pushPayload = z.object({
  ref: z.string(),
  before: objectId,
  after: objectId,
  sender: z.object({ login: z.string() }),
  repository: z.object({ pushed_at: moment }),
});

/** The event that a `push` delivery is. */
export function refEventOf(delivery: string, push: z.output<typeof pushPayload>): RefEvent {
  const { ref, before, after, sender, repository } = push;
  return { delivery, ref, before, after, sender: sender.login, at: repository.pushed_at };
}

/** How many deliveries of a repository are opened: each costs a request. */
const openedForRef = 30;
const openedForAll = 100;
/** How far the log is read: GitHub keeps three days. */
const listed = 500;

/**
 * Moves of a ref in GitHub's own log of the App's deliveries, newest first as far as it tells. Those are found there,
 * too, whose delivery never arrived.
 */
export async function findRefEvents(
  app: GitHubClient,
  wanted: { repositoryId: number; ref: string },
): Promise<readonly RefEvent[]> {
  const deliveries = await recentDeliveries(app, wanted.repositoryId, ["push"], openedForRef);
  const pushes = await openPushes(app, deliveries);
  return newestFirst(pushes.filter(({ ref }) => ref === wanted.ref));
}

/** Those of one second stay in the order they came in. */
export function newestFirst<T extends Pick<RefEvent, "at">>(events: readonly T[]): readonly T[] {
  return [...events].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

/** What was delivered never changes, and each look at it costs a request. */
const opened = new WeakMap<GitHubClient, LRUCache<number, { readonly push: RefEvent | undefined }>>();
const remembered = 300;

/** In the same order. Side by side: the client itself sees to it that they are not too many at once. */
async function openPushes(
  app: GitHubClient,
  deliveries: readonly LoggedDelivery[],
): Promise<readonly RefEvent[]> {
  const pushes = await Promise.all(deliveries.map((delivery) => openPush(app, delivery)));
  return pushes.filter((push) => push !== undefined);
}

async function openPush(app: GitHubClient, { id, guid }: LoggedDelivery): Promise<RefEvent | undefined> {
  const known = opened.get(app) ?? new LRUCache({ max: remembered });
  opened.set(app, known);
  const before = known.get(id);
  if (before) return before.push;
  const push = pushPayload.safeParse(await payloadOf(app, id));
  const event = push.success ? refEventOf(guid, push.data) : undefined;
  known.set(id, { push: event });
  return event;
}

const checkPayload = z.union([
  z.object({ check_run: z.object({ head_sha: objectId }) }).transform(({ check_run }) => check_run.head_sha),
  z
    .object({ check_suite: z.object({ head_sha: objectId }) })
    .transform(({ check_suite }) => check_suite.head_sha),
]);

/** What GitHub's log still tells of a repository. */
export interface Logged {
  readonly pushes: readonly RefEvent[];
  /** Commits whose checks somebody asked to run again. */
  readonly askedAgain: readonly ObjectId[];
}

/** Everything that Waymark may have been told, as far as GitHub's log goes back. */
export async function readDeliveryLog(app: GitHubClient, repositoryId: number): Promise<Logged> {
  const events = ["push", "check_run", "check_suite"];
  const deliveries = await recentDeliveries(app, repositoryId, events, openedForAll);
  const [pushes, askedAgain] = await Promise.all([
    openPushes(
      app,
      deliveries.filter(({ event }) => event === "push"),
    ),
    Promise.all(deliveries.filter(({ event }) => event !== "push").map(({ id }) => openCheck(app, id))),
  ]);
  return { pushes, askedAgain: [...new Set(askedAgain.flat())] };
}

/** The commit whose checks shall run again; none where a delivery says nothing of the kind. */
async function openCheck(app: GitHubClient, delivery: number): Promise<ObjectId[]> {
  const check = checkPayload.safeParse(await payloadOf(app, delivery));
  return check.success ? [check.data] : [];
}

async function payloadOf(app: GitHubClient, delivery_id: number): Promise<unknown> {
  return (await app.apps.getWebhookDelivery({ delivery_id })).data.request.payload;
}

interface LoggedDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
}

/** Newest first. */
async function recentDeliveries(
  app: GitHubClient,
  repositoryId: number,
  events: readonly string[],
  limit: number,
): Promise<readonly LoggedDelivery[]> {
  const found: LoggedDelivery[] = [];
  let seen = 0;
  for await (const { data } of app.paginate.iterator(app.apps.listWebhookDeliveries, { per_page: 100 })) {
    found.push(...data.filter((one) => events.includes(one.event) && one.repository_id === repositoryId));
    seen += data.length;
    if (found.length >= limit || seen >= listed) break;
  }
  return found.slice(0, limit);
}

/** Deliveries since a time (milliseconds since 1970) that failed and were not delivered since; newest first. */
export async function failedDeliveries(app: GitHubClient, since: number): Promise<readonly number[]> {
  const failed = new Map<string, number>();
  const delivered = new Set<string>();
  for await (const { data } of app.paginate.iterator(app.apps.listWebhookDeliveries, { per_page: 100 })) {
    for (const one of data) {
      const ok = one.status_code >= 200 && one.status_code < 300;
      if (ok) delivered.add(one.guid);
      else if (!delivered.has(one.guid) && !failed.has(one.guid)) failed.set(one.guid, one.id);
    }
    const oldest = data.at(-1);
    if (!oldest || Date.parse(oldest.delivered_at) < since) break;
  }
  return [...failed].filter(([guid]) => !delivered.has(guid)).map(([, id]) => id);
}

/** Asks GitHub to deliver once more. */
export async function redeliver(app: GitHubClient, delivery: number): Promise<void> {
  await app.apps.redeliverWebhookDelivery({ delivery_id: delivery });
}
