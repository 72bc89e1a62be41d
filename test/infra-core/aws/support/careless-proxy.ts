import { once } from "node:events";
import { createServer, request } from "node:http";

/** Passes all on to a server, but for the condition under which an object is to be written: some stores ignore it. */
export async function carelessProxy(target: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((asked, answer) => {
    const { "if-none-match": _ignored, ...headers } = asked.headers;
    const passed = request(
      new URL(asked.url ?? "/", target),
      { method: asked.method ?? "GET", headers },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(answer);
      },
    );
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
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
