import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** Stands before a server. `answer`: called with each request; true: it has answered, and the server never sees it. */
export async function startProxy(
  target: string,
  answer: (asked: IncomingMessage, answer: ServerResponse) => boolean | Promise<boolean>,
): Promise<Proxy> {
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

function pass(target: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method = "GET", headers, url = "/" } = asked;
  const passed = request(new URL(url, target), { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 500, answered.headers);
    answered.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  asked.pipe(passed);
}
