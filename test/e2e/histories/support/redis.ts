import { spawn } from "node:child_process";
import { once } from "node:events";
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
      const server = spawn(program, ["-"], {
        cwd: directory,
        env: {},
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      server.stdin?.end(configuration(url, directory));
      await once(server, "spawn");
      await until("Redis to answer", answers);
      server.unref();
    },
    close,
  };
}

function configuration(url: string, directory: string): string {
  const { port, password } = new URL(url);
  return [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    "appendonly yes",
    "appendfsync always",
    "maxmemory-policy noeviction",
    'save ""',
    "",
  ].join("\n");
}
