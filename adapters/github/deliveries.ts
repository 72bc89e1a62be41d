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
}

const objectId = z.string().refine(isObjectId);

/** The part of a `push` payload that Waymark reads. */
export const pushPayload = z.object({
  ref: z.string(),
  before: objectId,
  after: objectId,
  sender: z.object({ login: z.string() }),
});

/** How many deliveries of a repository are opened in search of one event: each costs a request. */
const opened = 30;
/** How far the log is read: GitHub keeps three days. */
const listed = 500;

/**
 * The newest move of a ref to an object, in GitHub's own log of the App's deliveries. Found there even when the
 * delivery never arrived. Undefined: the log has none (yet).
 */
export async function findRefEvent(
  app: GitHubClient,
  wanted: { repositoryId: number; ref: string; after: ObjectId },
): Promise<RefEvent | undefined> {
  const candidates = await pushDeliveries(app, wanted.repositoryId);
  for (const candidate of candidates) {
    const { data } = await app.apps.getWebhookDelivery({ delivery_id: candidate.id });
    const push = pushPayload.safeParse(data.request.payload);
    if (!push.success || push.data.ref !== wanted.ref || push.data.after !== wanted.after) continue;
    const { ref, before, after, sender } = push.data;
    return { delivery: candidate.guid, ref, before, after, sender: sender.login };
  }
  return undefined;
}

async function pushDeliveries(
  app: GitHubClient,
  repositoryId: number,
): Promise<{ id: number; guid: string }[]> {
  const found: { id: number; guid: string }[] = [];
  let seen = 0;
  for await (const { data } of app.paginate.iterator(app.apps.listWebhookDeliveries, { per_page: 100 })) {
    found.push(...data.filter((one) => one.event === "push" && one.repository_id === repositoryId));
    seen += data.length;
    if (found.length >= opened || seen >= listed) break;
  }
  return found.slice(0, opened);
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
