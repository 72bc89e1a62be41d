import type { Logger } from "pino";
import { createNodeMiddleware, Probot } from "probot";
import type { AppConfig } from "../adapters/config/config.ts";
import { taggerEmail } from "../adapters/git/tags.ts";
import { sharedBudget } from "../adapters/github/shared-budget.ts";
import { burst, interval } from "../adapters/github/write-budget.ts";
import { connectForCommands } from "../adapters/redis/connect.ts";
import { tokenBuckets } from "../adapters/redis/token-bucket.ts";
import { watchRegistry } from "../adapters/registry/watch.ts";
import { allowedSigner } from "../adapters/signing/keys.ts";
import type { Signer } from "../adapters/signing/signer.ts";
import { openQueues } from "../jobs/queues.ts";
import { EventClient } from "./event-client.ts";
import type { Handling } from "./events/handler.ts";
import { createFront, webhookPath } from "./front.ts";
import { registerEvents } from "./github-app.ts";
import { probotQueue } from "./queue-check.ts";
import { createWebServer, listen, stop } from "./server.ts";

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

/** The web process: hears GitHub, decides whom to wake, enqueues. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { app, log } = options;
  const connection = connectForCommands(options.redisUrl);
  const queues = openQueues(connection, options.prefix);
  const probot = new Probot({
    Octokit: EventClient,
    appId: app.appId,
    privateKey: app.privateKey,
    secret: app.webhookSecret,
    baseUrl: app.apiUrl,
    log,
  });
  await probot.ready();
  const budget = sharedBudget(tokenBuckets(connection, options.prefix, { burst, interval }), log);
  const handling: Handling = {
    queues,
    registry: watchRegistry(options.registry),
    appId: Number(app.appId),
    ...probotQueue(probot, budget),
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
  const server = createWebServer(front);
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
