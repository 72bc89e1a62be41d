import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGate, type Gate } from "./gate.ts";

/** Answers for whether what was deployed is healthy. */
export interface Health {
  /** The address at which a version of a repository's application answers. */
  url(repository: string, version: string): string;
  /** Lets every question at an address wait for its answer: who asks gives up after a while and asks again. */
  hold(url: string): Gate;
  /** From now on the answer at an address is 500. */
  fallIll(url: string): void;
  close(): Promise<void>;
}

export async function startHealth(): Promise<Health> {
  const gates = new Map<string, Gate>();
  const ill = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const answer = async (): Promise<void> => {
      if (response.destroyed) return;
      const sent = once(response, "close");
      response.writeHead(ill.has(path) ? 500 : 200, { connection: "close" }).end();
      await sent;
    };
    await (gates.get(path)?.lead(answer) ?? answer());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const pathOf = (url: string): string => new URL(url).pathname;
  return {
    url: (repository, version) => `http://127.0.0.1:${port}/${repository}/${version}`,
    hold: (url) => {
      const gate = createGate();
      gates.set(pathOf(url), gate);
      return gate;
    },
    fallIll: (url) => void ill.add(pathOf(url)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
