import { randomUUID } from "node:crypto";
import type { App, EventName } from "../model/app.ts";
import type { Delivery, Payload } from "../model/delivery.ts";
import { isoSeconds, type World } from "../model/world.ts";
import { post, unreachable } from "./post.ts";
import { webhookHeaders } from "./signature.ts";

/** An event on its way to one App. */
export interface Parcel {
  readonly app: App;
  readonly event: EventName;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: Payload;
}

/** Hands an event to an App, unless a fault says otherwise, and logs what came of it. */
export async function deliver(world: World, parcel: Parcel): Promise<void> {
  const fault = world.faults.takeDelivery(parcel);
  if (fault === "drop") return;
  const guid = randomUUID();
  await attempt(world, parcel, { guid, redelivery: false, withheld: fault === "withhold" });
  if (fault === "duplicate") await attempt(world, parcel, { guid, redelivery: false, withheld: false });
}

/** Sends a logged delivery again, under the same guid. */
export async function redeliver(world: World, { guid, request, ...delivery }: Delivery): Promise<void> {
  await attempt(
    world,
    { ...delivery, payload: request.payload },
    { guid, redelivery: true, withheld: false },
  );
}

interface Attempt {
  readonly guid: string;
  readonly redelivery: boolean;
  readonly withheld: boolean;
}

async function attempt(world: World, parcel: Parcel, { guid, redelivery, withheld }: Attempt): Promise<void> {
  const { payload, ...envelope } = parcel;
  const body = JSON.stringify(payload);
  const headers = webhookHeaders(parcel.app, parcel.event, guid, body);
  const started = world.now();
  const { status, statusCode, response } = withheld
    ? unreachable
    : await post(parcel.app.webhookUrl, headers, body);
  world.deliveries.push({
    ...envelope,
    id: world.nextId(),
    guid,
    redelivery,
    deliveredAt: isoSeconds(started),
    durationSeconds: (world.now().getTime() - started.getTime()) / 1000,
    status,
    statusCode,
    request: { headers, payload },
    response,
  });
}
