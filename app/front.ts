import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createBodyReader, maximumBody } from "./body.ts";
import { eventTable } from "./github-app.ts";
import { isPayload } from "./payload.ts";
import { isSigned } from "./signature.ts";

export const webhookPath = "/api/github/webhooks";

/** Probot's set-up page registers the App with the root as its webhook's address. */
const webhookPaths: readonly (string | undefined)[] = [webhookPath, "/"];

/** Whatever answers a request that passed the front: true when it did. */
export type Middleware = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** What is asked about the process's own health. */
export interface Health {
  /** Throws while the process could not do its work. */
  ready(): Promise<void>;
  /** A line for git's allowed-signers file. */
  readonly signer: string;
}

/** What hearing an event takes. */
interface Webhooks {
  readonly secret: string;
  readonly probot: Middleware;
  readonly readBody: ReturnType<typeof createBodyReader>;
}

const heard = new Set(Object.keys(eventTable).map((name) => name.split(".")[0]));

/**
 * The thin front of the web process: bounds the body, checks the signature on the very bytes that came, and lets
 * only known events through to Probot, which would keep any amount and trip over odd event names.
 */
export function createFront(secret: string, probot: Middleware, health: Health): RequestListener {
  const webhooks: Webhooks = { secret, probot, readBody: createBodyReader() };
  return (request, response) => {
    route(request, response, webhooks, health).catch(() => {
      if (!response.headersSent) answer(response, 503, "try again later");
      else response.destroy();
    });
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  webhooks: Webhooks,
  health: Health,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (request.method === "POST" && webhookPaths.includes(path))
    return await hear(request, response, webhooks);
  if (request.method !== "GET") return answer(response, 404, "not found");
  switch (path) {
    case "/healthz":
      return answer(response, 200, "ok");
    case "/readyz":
      return await health.ready().then(
        () => answer(response, 200, "ready"),
        () => answer(response, 503, "not ready: Redis does not answer"),
      );
    case "/signers":
      return answer(response, 200, health.signer);
    default:
      return answer(response, 404, "not found");
  }
}

async function hear(
  request: IncomingMessage,
  response: ServerResponse,
  { secret, probot, readBody }: Webhooks,
): Promise<void> {
  const read = await readBody(request);
  if ("refused" in read) return refuseBody(response, read.refused);
  const body = read.bytes;
  const signature = request.headers["x-hub-signature-256"];
  if (typeof signature !== "string" || !isSigned(secret, body, signature)) {
    return answer(response, 401, "the signature is missing or wrong");
  }
  const event = request.headers["x-github-event"];
  if (typeof event !== "string" || !heard.has(event)) return answer(response, 202, "ignored");
  // No part of what is signed, and it becomes part of names that are parsed again.
  if (!isDelivery(request.headers["x-github-delivery"]))
    return answer(response, 400, "the delivery's id is missing or none");
  if (!isPayload(body)) return answer(response, 400, "the body is not the JSON of an event");
  const passed = Object.assign(request, { url: webhookPath, body: {}, rawBody: body });
  const answered = await probot(passed, response);
  if (!answered) answer(response, 404, "not found");
}

function isDelivery(id: string | string[] | undefined): boolean {
  return typeof id === "string" && /^[\w.-]{1,100}$/.test(id);
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseBody(response: ServerResponse, why: "too-large" | "crowded"): void {
  response.setHeader("connection", "close");
  if (why === "too-large") answer(response, 413, `the body is larger than ${maximumBody} bytes`);
  else answer(response, 503, "too many large bodies at once, try again later");
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
