import path from "node:path";
import type { Logger } from "pino";
import type { AppConfig, Config } from "../adapters/config/config.ts";
import { appClient, type GitHubClient } from "../adapters/github/client.ts";
import { sharedBudget } from "../adapters/github/shared-budget.ts";
import { burst, interval } from "../adapters/github/write-budget.ts";
import { connectForCommands, connectForWork } from "../adapters/redis/connect.ts";
import { tokenBuckets } from "../adapters/redis/token-bucket.ts";
import { watchRegistry } from "../adapters/registry/watch.ts";
import { detectSandbox } from "../adapters/sandbox/detect.ts";
import type { Signer } from "../adapters/signing/signer.ts";
import { detectTerraform } from "../adapters/terraform/binary.ts";
import { findTerraform } from "../adapters/terraform/find.ts";
import { findProviderMirror } from "../adapters/terraform/provider-mirror.ts";
import { WaymarkError } from "../promotion/failure.ts";
import { createMemory } from "./memory.ts";
import type { DeploymentTools } from "./phases/deployment.ts";
import { openQueues } from "./queues.ts";
import { createRunner } from "./runner.ts";
import type { Services } from "./services.ts";
import { createSessions } from "./session.ts";
import { startSweeper } from "./sweeper.ts";
import { startWorker } from "./worker.ts";

export interface WorkerProcessOptions {
  readonly config: Config;
  readonly app: AppConfig;
  readonly redisUrl: string;
  /** Keeps several installations apart in one Redis. */
  readonly prefix: string;
  readonly signer: Signer;
  readonly redact: (text: string) => string;
  readonly log: Logger;
}

export interface WorkerProcess {
  /** Ends the deployments that run, takes nothing new. */
  close(): Promise<void>;
  /** Stops deployments as soon as nothing can break by it. */
  abort(): void;
}

/** The worker process: takes wake-ups, and sweeps. */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const { config, app, redisUrl, prefix, signer, log } = options;
  const aborting = new AbortController();
  warnOfOpenRedis(redisUrl, log);
  const tools = await findTools(options);
  const commands = connectForCommands(redisUrl);
  const [workConnection, sweepConnection] = [connectForWork(redisUrl), connectForWork(redisUrl)];
  const queues = openQueues(commands, prefix);
  const budget = sharedBudget(tokenBuckets(commands, prefix, { burst, interval }), log);
  const credentials = { ...app, budget };
  const github = appClient(credentials, log);
  const registry = watchRegistry(config.registry);
  const memory = createMemory();
  const sessions = createSessions({ app: credentials, home: config.home, signer, registry, log });
  const services: Services = {
    appId: Number(app.appId),
    botLogin: await askBotLogin(github),
    app: github,
    queues,
    runner: createRunner(tools, config.limits, aborting.signal, log),
    memory,
    now: Date.now,
    log,
  };
  const { concurrency } = config;
  const worker = startWorker({ connection: workConnection, prefix, concurrency, services, sessions, log });
  const sweeping = { app: github, sessions, queues, memory, registry, now: Date.now, log };
  const sweeper = startSweeper({
    commands,
    waiting: sweepConnection,
    prefix,
    seconds: config.sweepSeconds,
    sweeping,
  });
  log.info({ sandbox: tools.sandbox.kind, terraform: tools.terraform }, "worker is up");
  return {
    abort: () => aborting.abort(),
    close: async () => {
      await sweeper.close();
      await worker.close();
      await queues.close();
      for (const connection of [commands, workConnection, sweepConnection]) connection.disconnect();
    },
  };
}

/** What Terraform runs shares the worker's network, and Redis keeps who moved a tag. */
function warnOfOpenRedis(redisUrl: string, log: Logger): void {
  if (new URL(redisUrl).password !== "") return;
  log.warn("Redis takes anybody WITHOUT a password: whatever is deployed can read and write it");
}

async function findTools({ config, redact, log }: WorkerProcessOptions): Promise<DeploymentTools> {
  const { home } = config;
  const sandbox = await detectSandbox(config.sandbox);
  if (sandbox.kind === "none")
    log.warn({ reason: sandbox.reason }, "repositories' code runs WITHOUT a sandbox");
  const file = await findTerraform({ WAYMARK_TERRAFORM: config.terraform, PATH: process.env.PATH });
  const scratch = { home: path.join(home, "scratch"), temporary: path.join(home, "scratch") };
  const terraform = await detectTerraform(file, process.env, scratch);
  const mirror = config.providerMirror;
  const providerMirror = mirror === undefined ? undefined : await findProviderMirror(mirror);
  return { terraform, sandbox, home, variables: process.env, providerMirror, redact };
}

async function askBotLogin(github: GitHubClient): Promise<string> {
  try {
    const { data } = await github.apps.getAuthenticated();
    return `${data?.slug}[bot]`;
  } catch (error) {
    throw new WaymarkError({
      code: "app-not-accepted",
      source: "service",
      class: "configuration",
      message: `GitHub does not accept the App's credentials: ${error instanceof Error ? error.message : error}`,
      next: "Check APP_ID, the private key and WAYMARK_GITHUB_API_URL, and that GitHub is reachable.",
      cause: error,
    });
  }
}
