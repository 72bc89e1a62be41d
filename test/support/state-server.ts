import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A server that keeps states as Terraform's http backend wants it, each at a path of its own, for who signs in. */
export interface StateServer {
  readonly url: string;
  /** Path → the state there. */
  readonly states: Map<string, string>;
  /** Path → what the holder of the lock told of it. */
  readonly locks: Map<string, string>;
  /** `METHOD path → status`, in order. */
  readonly answers: readonly string[];
  close(): Promise<void>;
}

export async function startStateServer(user: string, password: string): Promise<StateServer> {
  const kept = { states: new Map<string, string>(), locks: new Map<string, string>() };
  const answers: string[] = [];
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const server = createServer(async (request, response) => {
    const [status, body] =
      request.headers.authorization === authorization ? answer(request, await text(request), kept) : [401];
    answers.push(`${request.method} ${pathOf(request)} → ${status}`);
    end(response, status, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return {
    ...kept,
    url: `http://127.0.0.1:${address.port}`,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pathOf = ({ url }: IncomingMessage): string => new URL(url ?? "/", "http://localhost").pathname;

function answer(
  request: IncomingMessage,
  body: string,
  { states, locks }: Pick<StateServer, "states" | "locks">,
): [status: number, body?: string | undefined] {
  const path = pathOf(request);
  const held = locks.get(path);
  switch (request.method) {
    case "GET":
      return states.has(path) ? [200, states.get(path)] : [404];
    case "POST":
      states.set(path, body);
      return [200];
    case "LOCK":
      if (held !== undefined) return [423, held];
      locks.set(path, body);
      return [200];
    case "UNLOCK":
      return [locks.delete(path) ? 200 : 409];
    default:
      return [405];
  }
}

function end(response: ServerResponse, status: number, body = ""): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
