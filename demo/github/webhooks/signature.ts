import { createHmac } from "node:crypto";
import type { App, EventName } from "../model/app.ts";

/** The headers GitHub sends with a webhook, signatures over the exact `body` included. */
export function webhookHeaders(
  app: App,
  event: EventName,
  guid: string,
  body: string,
): Record<string, string> {
  return {
    Accept: "*/*",
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/10ca1b0",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event,
    "X-GitHub-Hook-ID": String(app.id),
    "X-GitHub-Hook-Installation-Target-ID": String(app.id),
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-Hub-Signature": `sha1=${hmac("sha1", app.webhookSecret, body)}`,
    "X-Hub-Signature-256": `sha256=${hmac("sha256", app.webhookSecret, body)}`,
  };
}

function hmac(algorithm: string, secret: string, body: string): string {
  return createHmac(algorithm, secret).update(body).digest("hex");
}
