import { once } from "node:events";
import { runServer } from "../../../../service/redis-server.ts";
import { ask, pidOf, startRedis } from "../../../support/redis.ts";
import { until } from "./until.ts";

/** A Redis that can die as in a power cut, and come back under the same address with what it had on disk. */
export interface MortalRedis {
  readonly url: string;
  /** Forgets everything. */
  wipe(): Promise<void>;
  /** Ends it with -9. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startMortalRedis(directory: string): Promise<MortalRedis> {
  const { url, close } = await startRedis(directory);
  const program = /^executable:(.+)$/m.exec(await ask(url, "INFO", "server"))?.[1]?.trim() ?? "";
  const answers = async (): Promise<boolean> => (await ask(url, "PING").catch(() => "")) === "PONG";
  return {
    url,
    wipe: async () => void (await ask(url, "FLUSHALL")),
    kill: async () => {
      process.kill(await pidOf(url), "SIGKILL");
      await until("Redis to be gone", async () => !(await answers()));
    },
    restart: async () => {
      const server = runServer(program, directory, url);
      await once(server, "spawn");
      await until("Redis to answer", answers);
      server.unref();
    },
    close,
  };
}
