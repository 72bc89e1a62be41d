import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerSmartHttp } from "../../../demo/github/git/smart-http.ts";
import type { Remote } from "../../support/git.ts";

export interface HttpRemote {
  readonly url: string;
  /** The authorization headers that came, in their order. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** Serves a remote over smart HTTP on a free port. Each request first goes through `before`; false: it is answered. */
export async function serveOverHttp(
  remote: Remote,
  before: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>,
): Promise<HttpRemote> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    authorizations.push(request.headers.authorization);
    if (!(await before(request, response))) return;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    await answerSmartHttp({
      request,
      input: request,
      response,
      directory: remote.directory,
      path: pathname,
      query: searchParams,
    });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/`,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}
