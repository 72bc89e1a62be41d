import { createHmac } from "node:crypto";
import { type ClientRequest, type OutgoingHttpHeaders, request } from "node:http";
import { webhookSecret } from "./web.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** Sends a request; `write` sends its body, and may leave it unfinished. */
export function send(
  url: string,
  options: { readonly method?: string; readonly path?: string; readonly headers?: OutgoingHttpHeaders },
  write: (outgoing: ClientRequest) => void = (outgoing) => outgoing.end(),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => {
        outgoing.destroy();
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          headers: response.headers,
        });
      });
    });
    outgoing.on("error", reject);
    write(outgoing);
  });
}

/** What GitHub writes into `X-Hub-Signature-256` for these bytes. */
export function sign(body: string | Buffer, secret = webhookSecret): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** The headers of a delivery, right in every way; change what a test is about. */
export function deliveryHeaders(body: string | Buffer, event = "push"): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": event,
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256": sign(body),
  };
}

/** Delivers a body to the web process as GitHub would, `headers` changed; undefined takes one away. */
export function deliver(
  webUrl: string,
  body: string | Buffer,
  options: { readonly event?: string; readonly headers?: Record<string, string | string[] | undefined> } = {},
): Promise<Answer> {
  const headers = { ...deliveryHeaders(body, options.event), ...options.headers };
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return send(`${webUrl}/api/github/webhooks`, { method: "POST", headers: given }, (outgoing) =>
    outgoing.end(body),
  );
}
