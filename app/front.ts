import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { maximumBody, readBody } from "./body.ts";
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

const heard = new Set(Object.keys(eventTable).map((name) => name.split(".")[0]));

/**
 * The thin front of the web process: bounds the body, checks the signature on the very bytes that came, and lets
 * only known events through to Probot, which would keep any amount and trip over odd event names.
 */
export function createFront(secret: string, probot: Middleware, health: Health): RequestListener {
  return (request, response) => {
    route(request, response, secret, probot, health).catch(() => {
      if (!response.headersSent) answer(response, 503, "try again later");
      else response.destroy();
    });
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  probot: Middleware,
  health: Health,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (request.method === "POST" && webhookPaths.includes(path))
    return await hear(request, response, secret, probot);
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
  secret: string,
  probot: Middleware,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return refuseBody(response);
  const signature = request.headers["x-hub-signature-256"];
  if (typeof signature !== "string" || !isSigned(secret, body, signature)) {
    return answer(response, 401, "the signature is missing or wrong");
  }
  const event = request.headers["x-github-event"];
  if (typeof event !== "string" || !heard.has(event)) return answer(response, 202, "ignored");
  if (!isPayload(body)) return answer(response, 400, "the body is not the JSON of an event");
  const passed = Object.assign(request, { url: webhookPath, body: {}, rawBody: body });
  const answered = await probot(passed, response);
  if (!answered) answer(response, 404, "not found");
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseBody(response: ServerResponse): void {
  response.setHeader("connection", "close");
  answer(response, 413, `the body is larger than ${maximumBody} bytes`);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
