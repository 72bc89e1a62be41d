import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WaymarkError } from "../promotion/failure.ts";

/** Milliseconds for a whole request to arrive: a delivery that trickles in longer is given up. */
const requestTimeout = 60_000;
/** Milliseconds that a stopping server waits for answers under way: GitHub itself waits no longer. */
const lastAnswers = 10_000;

/** Connections at once: GitHub needs a few, and each one may hold some memory. */
const maximumConnections = 500;

export function createWebServer(listener: RequestListener): Server {
  const server = createServer({ requestTimeout, headersTimeout: requestTimeout }, listener);
  server.maxConnections = maximumConnections;
  return server;
}

/** Starts listening; gives the server's address. Errors: `port-taken` (service). */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${shown}:${address.port}`;
}

/** Answers what has come, takes nothing new. Connections on which nothing ever comes do not hold it up. */
export async function stop(server: Server, wait = lastAnswers): Promise<void> {
  const patience = setTimeout(() => server.closeAllConnections(), wait);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(patience);
}

function cannotListen(host: string, port: number, cause: Error): WaymarkError {
  return new WaymarkError({
    code: "port-taken",
    source: "service",
    class: "configuration",
    message: `The web server can't listen on ${host}, port ${port}: ${cause.message}.`,
    next: "Stop what listens there, or choose another place with HOST and PORT.",
    cause,
  });
}
