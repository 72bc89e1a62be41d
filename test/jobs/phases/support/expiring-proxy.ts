import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** Stands before an AWS that never ends a session, and answers as AWS does once it has ended. */
export interface ExpiringProxy extends AsyncDisposable {
  readonly url: string;
  /** Ends all sessions whose keys were used up to now; `all`: those that begin later, too. */
  expire(which?: "all"): void;
  /** Sessions that begin from now on live. */
  recover(): void;
}

export async function expiringProxy(target: string): Promise<ExpiringProxy> {
  const used = new Set<string>();
  const expired = new Set<string>();
  let hopeless = false;
  const server = createServer((asked, answer) => {
    const session = sessionOf(asked);
    if (session !== undefined) used.add(session);
    const isOver = session !== undefined && (hopeless || expired.has(session));
    if (isOver) refuse(asked, answer);
    else pass(target, asked, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    expire: (which) => {
      for (const session of used) expired.add(session);
      hopeless = which === "all";
    },
    recover: () => {
      hopeless = false;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The key of a request that is made in a session. */
function sessionOf({ headers }: IncomingMessage): string | undefined {
  if (headers["x-amz-security-token"] === undefined) return undefined;
  return /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1];
}

const expiredToken =
  "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";

function refuse(asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume();
  answer.writeHead(400, { "content-type": "application/xml" }).end(expiredToken);
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
