import type { World } from "../model/world.ts";
import { html } from "./html.ts";
import type { PageContent } from "./layout.ts";
import { tableSection } from "./parts.ts";

const mostDeliveries = 30;

/** The repositories, and the last webhooks that went out. */
export function homePage({ repositories, deliveries }: World): PageContent {
  const rows = [...repositories.values()].map(({ fullName, pushedAt }) => {
    return [html`<a href="/${fullName}">${fullName}</a>`, html`${pushedAt}`];
  });
  const sent = deliveries
    .slice(-mostDeliveries)
    .toReversed()
    .map((delivery) => [
      html`${delivery.event}${delivery.action === null ? "" : `.${delivery.action}`}`,
      html`${delivery.status}${delivery.redelivery ? " (redelivery)" : ""}`,
      html`${delivery.deliveredAt}`,
      html`<code>${delivery.guid}</code>`,
    ]);
  const body = html`
${tableSection("Repositories", ["Name", "Last push"], rows)}
${tableSection("Webhook deliveries", ["Event", "Outcome", "At", "Delivery"], sent)}`;
  return { title: "Repositories", body, refresh: 5 };
}
