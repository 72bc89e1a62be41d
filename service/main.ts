import path from "node:path";
import { run } from "probot";
import { startWeb } from "../app/web.ts";
import { startWorkerProcess } from "../jobs/start.ts";
import { type Context, type RegisteredContext, readContext, registered, sharedRedis } from "./context.ts";
import { queuePrefix } from "./prefix.ts";
import { startEmbeddedRedis } from "./redis.ts";
import { type Running, runUntilStopped } from "./run.ts";

await runUntilStopped(async () => {
  const context = readContext();
  const isProduction = process.env.NODE_ENV === "production";
  if (context.config.app || isProduction) return await startAll(registered(context));
  return await startRegistration(context);
});

/** Web and worker in one process, on a Redis of their own unless one is named. What fails takes the rest down. */
async function startAll(context: RegisteredContext): Promise<Running> {
  const { host, port, registry, redisUrl: named, home } = context.config;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const redis = named === undefined ? await startRedis(home) : undefined;
    if (redis) closers.push(redis.close);
    const redisUrl = redis?.url ?? (await sharedRedis(context.config));
    const shared = { ...context, redisUrl, prefix: queuePrefix };
    const worker = await startWorkerProcess(shared);
    closers.push(worker.close);
    const web = await startWeb({ ...shared, host, port, registry });
    closers.push(web.close);
    return { abort: worker.abort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startRedis(home: string) {
  return startEmbeddedRedis(path.join(home, "redis"), process.env.PATH ?? "");
}

/** Without credentials: Probot's set-up page, which registers the App from app.yml and writes them into .env. */
async function startRegistration({ config, log }: Context): Promise<Running> {
  const { host, port } = config;
  // Else Probot fetches a package at run time that relays webhooks through a third party.
  process.env.NO_SMEE_SETUP = "true";
  // Nobody else may read the key that Probot writes into .env.
  process.umask(0o077);
  const server = await run(() => undefined, { log, env: { HOST: host, PORT: String(port) } });
  log.warn(
    { url: `http://${host}:${port}` },
    "not registered yet: open this page to register the GitHub App",
  );
  return { close: async () => void (await server.stop()) };
}
