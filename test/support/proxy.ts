import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export interface LocalProxy extends AsyncDisposable {
  readonly url: string;
}

/** Stands before a server. `answer`: called with each request; true: it has answered, and the server never sees it. */
export async function startProxy(
  target: string,
  answer: (asked: IncomingMessage, answer: ServerResponse) => boolean | Promise<boolean>,
): Promise<LocalProxy> {
  const server = createServer(async (asked, answered) => {
    if (!(await answer(asked, answered))) pass(target, asked, answered);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What was asked of STS, and what it says. */
export interface RoleTaken {
  readonly status: number;
  readonly xml: string;
  /** The name of the role. */
  readonly role: string;
  readonly session: string;
}

/** Asks STS what a request asks, for an answer that somebody reads on its way; undefined: it is about something else. */
export async function askSts(target: string, request: IncomingMessage): Promise<RoleTaken | undefined> {
  if (request.method !== "POST" || request.url !== "/") return undefined;
  const body = await text(request);
  const names = ["authorization", "content-type", "x-amz-security-token"];
  const headers = names.flatMap((name): [string, string][] => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const answered = await fetch(target, { method: "POST", headers, body });
  const wanted = new URLSearchParams(body);
  return {
    status: answered.status,
    xml: await answered.text(),
    role: wanted.get("RoleArn")?.split("/").at(-1) ?? "",
    session: wanted.get("RoleSessionName") ?? "",
  };
}

function pass(target: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method = "GET", headers, url = "/" } = asked;
  const passed = request(new URL(url, target), { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 500, answered.headers);
    answered.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  asked.pipe(passed);
}
