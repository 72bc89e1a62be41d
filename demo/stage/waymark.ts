import { rm } from "node:fs/promises";
import path from "node:path";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { rememberPids } from "./leftovers.ts";
import { type ServiceProcess, startService } from "./processes.ts";

/** Web, workers and Redis, which come and go together. */
export interface Waymark {
  /** Starts web and workers (one unless told) on the present Redis. */
  startWaymark(workers?: number): Promise<void>;
  /** Ends them with -9. */
  killWaymark(): Promise<void>;
  /** Throws Redis and all its data away and starts an empty one. */
  wipeRedis(): Promise<void>;
  /** The processes that run now. */
  processes(): readonly ServiceProcess[];
  /** Where the present Redis answers; started if there is none. */
  redisUrl(): Promise<string>;
  close(): Promise<void>;
}

/** `environment`: what the processes are told beside the address of Redis. */
export function createWaymark(directory: string, environment: Readonly<Record<string, string>>): Waymark {
  const redisDirectory = path.join(directory, "redis");
  let redis: EmbeddedRedis | undefined;
  let processes: readonly ServiceProcess[] = [];
  const redisUrl = async (): Promise<string> => {
    redis ??= await startEmbeddedRedis(redisDirectory, process.env.PATH ?? "");
    return redis.url;
  };
  return {
    startWaymark: async (workers = 1) => {
      const all = { ...environment, WAYMARK_REDIS_URL: await redisUrl() };
      const logs = path.join(directory, "logs");
      const names = ["web" as const, ...Array.from({ length: workers }, () => "worker" as const)];
      processes = await Promise.all(names.map((name) => startService({ name, logs, environment: all })));
      await rememberPids(
        directory,
        processes.map(({ pid }) => pid),
      );
    },
    killWaymark: async () => {
      await Promise.all(processes.map((one) => one.kill()));
      processes = [];
    },
    wipeRedis: async () => {
      await redis?.close();
      redis = undefined;
      await rm(redisDirectory, { recursive: true, force: true });
    },
    processes: () => processes,
    redisUrl,
    close: async () => {
      await Promise.all(processes.map((one) => one.stop()));
      processes = [];
      await redis?.close();
      redis = undefined;
    },
  };
}
