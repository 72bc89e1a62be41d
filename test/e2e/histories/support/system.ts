import path from "node:path";
import { Octokit } from "@octokit/rest";
import { type LocalGitHub, startLocalGitHub } from "../../../../demo/github/local-github.ts";
import type { RegisteredApp } from "../../../../demo/github/owner/apps.ts";
import { type ServiceProcess, startService } from "../../../../demo/stage/processes.ts";
import { registerWaymark } from "../../../../demo/stage/registration.ts";
import { freshDirectory } from "../../../support/directory.ts";
import { type Health, startHealth } from "./health.ts";
import { type MortalRedis, startMortalRedis } from "./redis.ts";
import { createRegistry, type GrowingRegistry } from "./registry.ts";

/** Alice maintains every repository; bob and mallory may only write. */
export const roles = { alice: "maintain", bob: "write", mallory: "write" } as const;
export type Login = keyof typeof roles;

export interface WorkerOptions {
  /** Unless told, the one that all share. */
  readonly home?: string;
  /** How many environments it deploys at once. */
  readonly concurrency?: number;
}

/** A GitHub, a Redis, people, and Waymark's own processes, for all histories of one file. */
export interface System {
  readonly github: LocalGitHub;
  readonly app: RegisteredApp;
  readonly redis: MortalRedis;
  readonly registry: GrowingRegistry;
  readonly health: Health;
  readonly tokens: Readonly<Record<Login, string>>;
  /** REST as a person who only looks. */
  readonly rest: Octokit;
  readonly home: string;
  startWorker(options?: WorkerOptions): Promise<ServiceProcess>;
  close(): Promise<void>;
}

/** Starts everything but the workers. `sweepSeconds`: how often they look by themselves; hardly ever unless told. */
export async function startSystem({ sweepSeconds = 3600 } = {}): Promise<System> {
  const directory = await freshDirectory();
  const github = await startLocalGitHub({ directory: path.join(directory, "github"), rateLimit: 1_000_000 });
  const registry = await createRegistry(path.join(directory, "core"));
  const [redis, health] = [await startMortalRedis(path.join(directory, "redis")), await startHealth()];
  const { app, environment } = await registerWaymark(github);
  const token = (login: Login): string => github.createUser(login).token;
  const tokens = { alice: token("alice"), bob: token("bob"), mallory: token("mallory") };
  const home = path.join(directory, "home");
  const processes: ServiceProcess[] = [];
  const start = async (name: "web" | "worker", { home: own = home, concurrency = 16 }: WorkerOptions) => {
    const all = {
      ...environment,
      WAYMARK_REDIS_URL: redis.url,
      WAYMARK_REGISTRY: registry.file,
      WAYMARK_HOME: own,
      WAYMARK_CONCURRENCY: String(concurrency),
      WAYMARK_SWEEP_SECONDS: String(sweepSeconds),
    };
    const logs = path.join(directory, "logs", `${processes.length}`);
    const started = await startService({ name, logs, environment: all });
    processes.push(started);
    return started;
  };
  await start("web", {});
  return {
    github,
    app,
    redis,
    registry,
    health,
    tokens,
    rest: new Octokit({ baseUrl: github.apiUrl, auth: tokens.alice }),
    home,
    startWorker: (options = {}) => start("worker", options),
    close: async () => {
      await Promise.all(processes.map((one) => one.kill()));
      await github.close();
      await health.close();
      await redis.close();
    },
  };
}
