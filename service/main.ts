import path from "node:path";
import { run } from "probot";
import { startWeb } from "../app/web.ts";
import { startWorkerProcess } from "../jobs/start.ts";
import { type Context, type RegisteredContext, readContext, registered } from "./context.ts";
import { queuePrefix } from "./prefix.ts";
import { startEmbeddedRedis } from "./redis.ts";
import { type Running, runUntilStopped } from "./run.ts";

await runUntilStopped(async () => {
  const context = readContext();
  return context.config.app ? await startAll(registered(context)) : await startRegistration(context);
});

/** Web and worker in one process, on a Redis of their own unless one is named. */
async function startAll(context: RegisteredContext): Promise<Running> {
  const { config } = context;
  const redis = config.redisUrl === undefined ? await startRedis(config.home) : undefined;
  const redisUrl = config.redisUrl ?? redis?.url ?? "";
  const { host, port, registry } = config;
  const worker = await startWorkerProcess({ ...context, redisUrl, prefix: queuePrefix });
  const web = await startWeb({ ...context, host, port, redisUrl, prefix: queuePrefix, registry });
  return {
    abort: worker.abort,
    close: async () => {
      await web.close();
      await worker.close();
      await redis?.close();
    },
  };
}

function startRedis(home: string) {
  return startEmbeddedRedis(path.join(home, "redis"), process.env.PATH ?? "");
}

/** Without credentials: Probot's set-up page, which registers the App from app.yml and writes them into .env. */
async function startRegistration({ config, log }: Context): Promise<Running> {
  const { host, port } = config;
  log.warn(
    { url: `http://${host}:${port}` },
    "not registered yet: open this page to register the GitHub App",
  );
  const server = await run(() => undefined, { log });
  return { close: async () => void (await server.stop()) };
}
