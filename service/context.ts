import { existsSync } from "node:fs";
import type { Logger } from "pino";
import { type AppConfig, type Config, readConfig } from "../adapters/config/config.ts";
import { configuredSigner } from "../adapters/config/signer.ts";
import { createLogger } from "../adapters/log/logger.ts";
import { createRedactor, type Redactor } from "../adapters/redact/redact.ts";
import { checkRedis } from "../adapters/redis/check.ts";
import type { Signer } from "../adapters/signing/signer.ts";
import { WaymarkError } from "../promotion/failure.ts";

/** What every process of Waymark has before it does anything. */
export interface Context {
  readonly config: Config;
  readonly redact: Redactor;
  readonly log: Logger;
}

/** The same for a process that is registered with GitHub. */
export interface RegisteredContext extends Context {
  readonly app: AppConfig;
  readonly signer: Signer;
}

/** Reads `.env`, where Probot's set-up page writes the credentials, and the environment, which wins. */
export function readContext(): Context {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = readConfig(process.env);
  const { app, signingKey, redisUrl } = config;
  const redisPassword = redisUrl && decodeURIComponent(new URL(redisUrl).password);
  const secrets = [app?.privateKey, app?.webhookSecret, signingKey, redisPassword];
  const redact = createRedactor(secrets.flatMap((secret) => secret || []));
  return { config, redact, log: createLogger({ level: config.logLevel, redact }) };
}

export function registered(context: Context): RegisteredContext {
  const { app } = context.config;
  if (!app)
    throw missing(
      "APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are missing",
      "npm start serves a page that makes them",
    );
  return { ...context, app, signer: configuredSigner(context.config, app) };
}

/** A process that runs apart shares a Redis with others, so it can't bring its own. Gives the address of one that answers. */
export async function sharedRedis({ redisUrl }: Config): Promise<string> {
  if (redisUrl === undefined) {
    throw missing(
      "WAYMARK_REDIS_URL is missing",
      "npm start runs everything in one process, with a Redis of its own",
    );
  }
  await checkRedis(redisUrl);
  return redisUrl;
}

function missing(message: string, hint: string): WaymarkError {
  return new WaymarkError({
    code: "configuration-invalid",
    source: "service",
    class: "configuration",
    message: `${message}.`,
    next: `Set it in the environment or in .env; ${hint}.`,
  });
}
