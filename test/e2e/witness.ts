import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Hears from resources while they are applied, and lets them wait: never the service's own word. */
export interface Witness {
  readonly url: string;
  /** What each resource said, oldest first. */
  readonly asked: readonly string[];
  /** Lets everybody go on, now and from now on. */
  release(): void;
  close(): Promise<void>;
}

export async function openWitness(): Promise<Witness> {
  const asked: string[] = [];
  const waiting = new Set<ServerResponse>();
  let isReleased = false;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push(body);
      if (isReleased) response.end();
      else waiting.add(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    release: () => {
      isReleased = true;
      for (const response of waiting) response.end();
      waiting.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
