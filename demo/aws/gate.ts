import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

/** A place where a program waits until it is let through: it asks for `url`, and gets no answer before that. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Somebody waits. */
  entered(): boolean;
  /** Lets through who waits, and everybody from now on. */
  open(): void;
}

export async function buildGate(): Promise<Gate> {
  const waiting: ServerResponse[] = [];
  let isOpen = false;
  const server = createServer((_request, response) => {
    if (isOpen) response.end();
    else waiting.push(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    entered: () => waiting.length > 0,
    open: () => {
      isOpen = true;
      for (const response of waiting) response.end();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
