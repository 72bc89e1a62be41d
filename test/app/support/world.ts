import { Queue } from "bullmq";
import { connectForCommands } from "../../../adapters/redis/connect.ts";
import { webhookPath } from "../../../app/front.ts";
import { type NotedEvent, openQueues, reconcileQueue, type WakeUp } from "../../../jobs/queues.ts";
import { appKeys, type Scene, setScene } from "../../demo/github/scene.ts";
import { registryOf, startTestWeb } from "./web.ts";

const prefix = "world";

/**
 * A GitHub whose App's webhooks reach a real web process. Nobody works: what was enqueued stays to be looked at.
 * `acme/shop` is bound in all environments, `acme/site` in none.
 */
export async function startWorld(redisUrl: string) {
  const scene = await setScene();
  const { github, app, repository, installationId } = scene;
  const registry = registryOf([repository]);
  const { privateKey } = appKeys;
  const web = await startTestWeb({
    redisUrl,
    privateKey,
    appId: app.id,
    apiUrl: github.apiUrl,
    registry,
    prefix,
  });
  github.setWebhookUrl(app, `${web.url}${webhookPath}`);
  const connection = connectForCommands(redisUrl);
  const queues = openQueues(connection, prefix);
  const queue = new Queue<WakeUp>(reconcileQueue, { connection, prefix, skipVersionCheck: true });
  queue.on("error", () => undefined);
  const target = (environment: string): WakeUp => ({
    installationId,
    repositoryId: repository.id,
    environment,
  });
  return {
    ...scene,
    web,
    target,
    breakRegistry: web.breakRegistry,
    /** Environments that a worker would look at, once every webhook was answered. */
    woken: async (): Promise<readonly string[]> => {
      await github.idle();
      return (await queue.getWaiting()).map(({ data }) => data.environment).sort();
    },
    /** The jobs' data, oldest first. */
    jobs: async (): Promise<readonly WakeUp[]> => {
      await github.idle();
      return (await queue.getWaiting(0, -1)).map(({ data }) => data);
    },
    noted: (environment: string): Promise<readonly NotedEvent[]> => queues.events(target(environment)),
    isDeep: async (environment: string): Promise<boolean> =>
      (await queues.deepMark(target(environment))) !== undefined,
    /** Forgets everything that was enqueued and noted. */
    wipe: async () => {
      await github.idle();
      await connection.flushall();
    },
    close: async () => {
      await github.idle();
      await web.close();
      connection.disconnect();
      await Promise.all([queue.close(), queues.close()]);
      await scene.close();
    },
  };
}

export type World = Scene & Awaited<ReturnType<typeof startWorld>>;
