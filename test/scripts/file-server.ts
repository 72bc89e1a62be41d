import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** A server on the loopback interface that lasts as long as one test. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** The paths that were asked for. */
  readonly requests: readonly string[];
}

export async function serveFiles(answer: RequestListener): Promise<FileServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
