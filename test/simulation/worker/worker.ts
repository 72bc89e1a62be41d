import type { Repository } from "../../../adapters/git/repository.ts";
import type { GitHubClient } from "../../../adapters/github/client.ts";
import type { Logger } from "../../../adapters/log/logger.ts";
import type { Queues } from "../../../jobs/queues.ts";
import type { Memory, Services } from "../../../jobs/services.ts";
import type { RepositorySession, Session } from "../../../jobs/session.ts";
import type { DeploymentRunner } from "../../../jobs/verbs/deployment-runner.ts";
import { takeUp } from "../../../jobs/worker.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { silentLog } from "../log.ts";
import { appId, botLogin, installationId, repositoryId, type World } from "../world/world.ts";
import { githubPort } from "./github-port.ts";
import { createPlainMemory } from "./memory.ts";
import { queuesPort } from "./queues-port.ts";
import { repositoryPort } from "./repository-port.ts";
import { runnerPort } from "./runner-port.ts";
import { createThread, type Thread } from "./thread.ts";

/** All that code of Waymark sees of the world. */
export interface Ports {
  readonly repository: Repository;
  readonly github: GitHubClient;
  readonly queues: Queues;
  readonly runner: DeploymentRunner;
}

/** Stands between Waymark and the world. */
export type Meddle = (ports: Ports, world: World) => Ports;

/** A worker process, until it dies. */
export interface WorkerProcess {
  readonly memory: Memory;
  /** The objects in its mirror. */
  readonly known: Set<ObjectId>;
  /** The run of each environment that it works on. */
  readonly runs: Map<string, Thread>;
}

export function createWorkerProcess(): WorkerProcess {
  return { memory: createPlainMemory(), known: new Set(), runs: new Map() };
}

/** Takes the waiting job of an environment and runs the product's own code on it. */
export function startRun(
  world: World,
  worker: WorkerProcess,
  environment: string,
  meddle: Meddle,
  log: Logger = silentLog,
): void {
  const thread = createThread();
  const { stalled } = world.redis.take(environment, thread);
  worker.runs.set(environment, thread);
  const looking = lookingOf(world, worker, thread, meddle, log);
  const job = { name: "look", data: targetOf(environment), stalledCounter: stalled ? 1 : 0 };
  const over = (): void => {
    if (worker.runs.get(environment) !== thread) return;
    worker.runs.delete(environment);
    world.redis.finish(environment, thread);
  };
  takeUp(job, looking).then(over, over);
}

export const targetOf = (environment: string) => ({ installationId, repositoryId, environment });

function lookingOf(world: World, worker: WorkerProcess, thread: Thread, meddle: Meddle, log: Logger) {
  const ports = meddle(portsOf(world, worker, thread), world);
  const { queues, runner, github } = ports;
  const now = () => world.clock.seconds * 1000;
  const { memory } = worker;
  const services: Services = { appId, botLogin, app: github, queues, runner, memory, now, log };
  const sessions = {
    open: async ({ environment }: { environment: string }) => openSession(world, ports, environment),
    forget: () => undefined,
  };
  return { services, sessions, log };
}

export function portsOf(world: World, worker: WorkerProcess, thread: Thread): Ports {
  return {
    repository: repositoryPort(world, thread, worker.known),
    github: githubPort(world, thread),
    queues: queuesPort(world, thread),
    runner: runnerPort(world, thread),
  };
}

export function repositorySession({ github, repository }: Ports): RepositorySession {
  const urls = { cloneUrl: "https://git.example/acme/shop.git", webUrl: "https://git.example/acme/shop" };
  return {
    git: repository,
    github: { client: github, installationId, id: repositoryId, owner: "acme", name: "shop", ...urls },
  };
}

export function openSession({ environments }: World, ports: Ports, name: string): Session | undefined {
  const environment = environments.find((one) => one.name === name);
  if (!environment) return undefined;
  const place = { type: "local", directory: "/nowhere" } as const;
  return {
    ...repositorySession(ports),
    target: targetOf(name),
    environment,
    environments,
    binding: { repositoryId, environment: name, backend: place, artifacts: place },
    store: place,
    foreignPlaces: [],
    fullName: "acme/shop",
  };
}
