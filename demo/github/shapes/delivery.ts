import type { Delivery } from "../model/delivery.ts";
import type { Schemas } from "./schemas.ts";

/** `hook-delivery-item`. */
export function deliverySummary(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  } satisfies Schemas["hook-delivery-item"];
}

/** `hook-delivery`: with what was sent and what came back. */
export function deliveryShape(delivery: Delivery) {
  const { request, response, app } = delivery;
  return {
    ...deliverySummary(delivery),
    url: app.webhookUrl,
    request: { headers: { ...request.headers }, payload: { ...request.payload } },
    response: { headers: { ...response.headers }, payload: response.payload },
  } satisfies Schemas["hook-delivery"];
}
