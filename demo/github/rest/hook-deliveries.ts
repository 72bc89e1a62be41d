import { requireApp, requireItem } from "../auth/authorize.ts";
import { notFound } from "../http/api-error.ts";
import { type Call, choice } from "../http/call.ts";
import { paginateByCursor } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import type { Delivery } from "../model/delivery.ts";
import { track } from "../model/world.ts";
import { deliveryShape, deliverySummary } from "../shapes/delivery.ts";
import { redeliver } from "../webhooks/deliver.ts";

/** An App's log of webhook deliveries, newest first. */
export const hookDeliveryRoutes: readonly Route[] = [
  { method: "GET", template: "/app/hook/deliveries", handle: listDeliveries },
  { method: "GET", template: "/app/hook/deliveries/{delivery_id}", handle: getDelivery },
  { method: "POST", template: "/app/hook/deliveries/{delivery_id}/attempts", handle: redeliverDelivery },
];

function listDeliveries(call: Call): Answer {
  const status = call.query.has("status") ? choice(call, "status", ["success", "failure"], "success") : null;
  const matching = ownDeliveries(call).filter((delivery) => status === null || outcome(delivery) === status);
  const { items, headers } = paginateByCursor(call, matching.toReversed(), ({ id }) => id);
  return { status: 200, headers, body: items.map(deliverySummary) };
}

function outcome({ statusCode }: Delivery): "success" | "failure" {
  return statusCode >= 200 && statusCode < 400 ? "success" : "failure";
}

function ownDeliveries(call: Call): readonly Delivery[] {
  const app = requireApp(call);
  return call.world.deliveries.filter((delivery) => delivery.app === app);
}

function ownDelivery(call: Call): Delivery {
  const app = requireApp(call);
  const byId = new Map(call.world.deliveries.map((delivery) => [delivery.id, delivery]));
  const delivery = requireItem(call, byId, "delivery_id");
  if (delivery.app !== app) throw notFound();
  return delivery;
}

function getDelivery(call: Call): Answer {
  return { status: 200, body: deliveryShape(ownDelivery(call)) };
}

function redeliverDelivery(call: Call): Answer {
  void track(call.world, redeliver(call.world, ownDelivery(call)));
  return { status: 202, body: {} };
}
