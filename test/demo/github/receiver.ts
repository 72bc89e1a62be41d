import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { verify } from "@octokit/webhooks-methods";

/** A webhook as it arrived. */
export interface Received {
  readonly event: string;
  readonly guid: string;
  readonly signed: boolean;
  readonly headers: NodeJS.Dict<string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by event; each test knows the one it looks at
  readonly payload: any;
}

/** A server that takes webhooks and answers 202, or `receiver.status`. */
export async function startReceiver(secret: string) {
  const received: Received[] = [];
  const receiver = { url: "", status: 202, received, close: () => Promise.resolve() };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const header = (name: string) => String(request.headers[name]);
    const signed = await verify(secret, body, header("x-hub-signature-256"));
    const { headers } = request;
    received.push({
      event: header("x-github-event"),
      guid: header("x-github-delivery"),
      signed,
      headers,
      payload: JSON.parse(body),
    });
    response.writeHead(receiver.status).end("accepted");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  receiver.close = () => new Promise((resolve) => void server.close(() => resolve()));
  return receiver;
}
