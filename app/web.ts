import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { createNodeMiddleware, Probot } from "probot";
import type { AppConfig } from "../adapters/config/config.ts";
import { taggerEmail } from "../adapters/git/tags.ts";
import { connectForCommands } from "../adapters/redis/connect.ts";
import { watchRegistry } from "../adapters/registry/watch.ts";
import { allowedSigner } from "../adapters/signing/keys.ts";
import type { Signer } from "../adapters/signing/signer.ts";
import { openQueues } from "../jobs/queues.ts";
import type { Handling } from "./events/handler.ts";
import { createFront, webhookPath } from "./front.ts";
import { registerEvents } from "./github-app.ts";
import { probotQueue } from "./queue-check.ts";

export interface WebOptions {
  readonly app: AppConfig;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly redisUrl: string;
  /** Keeps several installations apart in one Redis. */
  readonly prefix: string;
  /** The core registry's file. */
  readonly registry: string;
  readonly signer: Signer;
  readonly log: Logger;
}

export interface Web {
  readonly url: string;
  /** Answers what has come, takes nothing new. */
  close(): Promise<void>;
}

/** Milliseconds for a whole request to arrive: a delivery that trickles in longer is given up. */
const requestTimeout = 60_000;

/** The web process: hears GitHub, decides whom to wake, enqueues. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { app, log } = options;
  const connection = connectForCommands(options.redisUrl);
  const queues = openQueues(connection, options.prefix);
  const probot = new Probot({
    appId: app.appId,
    privateKey: app.privateKey,
    secret: app.webhookSecret,
    baseUrl: app.apiUrl,
    log,
  });
  await probot.ready();
  const handling: Handling = {
    queues,
    registry: watchRegistry(options.registry),
    appId: Number(app.appId),
    ...probotQueue(probot),
    log,
  };
  const register = (loaded: Probot): void => registerEvents(loaded, handling);
  const middleware = await createNodeMiddleware(register, { probot, webhooksPath: webhookPath });
  const front = createFront(
    app.webhookSecret,
    async (request, response) => (await middleware(request, response)) === true,
    {
      ready: async () => void (await connection.ping()),
      signer: allowedSigner(taggerEmail, options.signer.key),
    },
  );
  const server = createServer({ requestTimeout }, front);
  const url = await listen(server, options.host, options.port);
  log.info({ url }, "web is up");
  return {
    url,
    close: async () => {
      await stop(server);
      await queues.close();
      connection.disconnect();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${shown}:${address.port}`;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
