import path from "node:path";
import { openMirror } from "../../../adapters/git/mirror.ts";
import { gitRepository, type Repository } from "../../../adapters/git/repository.ts";
import { type GitHubClient, installationToken } from "../../../adapters/github/client.ts";
import { findRepository } from "../../../adapters/github/repository.ts";
import type { Signer } from "../../../adapters/signing/signer.ts";
import { createMemory } from "../../../jobs/memory.ts";
import { openQueues, type Queues, type WakeUp } from "../../../jobs/queues.ts";
import { reconcile } from "../../../jobs/reconcile.ts";
import type { Services, Work } from "../../../jobs/services.ts";
import type { Session } from "../../../jobs/session.ts";
import type { Environment } from "../../../promotion/environment.ts";
import { freshDirectory } from "../../support/directory.ts";
import { silentLog } from "../../support/waymark.ts";
import { createFakeRunner, type FakeRunner } from "./fake-runner.ts";
import { environments, type Shop } from "./shop.ts";

/** What a test wants to be different about a worker. */
export interface WorkerOptions {
  readonly runner?: FakeRunner;
  readonly environments?: readonly Environment[];
  readonly signer?: Signer;
  /** Stands between the worker and git. */
  readonly git?: (git: Repository) => Repository;
  readonly github?: GitHubClient;
  readonly queues?: (queues: Queues) => Queues;
  /** Milliseconds since 1970; the machine's clock unless told. */
  readonly now?: () => number;
}

/** A worker without its queue: it looks when it is told to. Has a mirror and a memory of its own. */
export interface TestWorker {
  readonly runner: FakeRunner;
  readonly queues: Queues;
  readonly services: Services;
  session(environment?: string): Session;
  target(environment?: string): WakeUp;
  /** A deep look unless told: as after a webhook. */
  reconcile(environment?: string, options?: { readonly deep: boolean }): Promise<void>;
}

/** Queue prefixes keep the tests of one file apart; to share one, share the shop. */
export const prefixOf = ({ id }: Shop): string => `test-${id}`;

export async function startTestWorker(shop: Shop, options: WorkerOptions = {}): Promise<TestWorker> {
  const { world } = shop;
  const { runner = createFakeRunner(), signer = world.signer } = options;
  const client = options.github ?? world.installationClient(shop.installationId);
  const github = await findRepository(client, shop.installationId, shop.id);
  const mirror = await openMirror({
    root: path.join(await freshDirectory(), "mirrors"),
    repository: shop.id,
    url: github.cloneUrl,
    token: () => installationToken(client),
  });
  const git = (options.git ?? ((it) => it))(gitRepository(mirror, signer));
  const queues = (options.queues ?? ((it) => it))(openQueues(world.commands, prefixOf(shop)));
  const services: Services = {
    appId: world.app.id,
    botLogin: world.app.botLogin,
    app: world.appClient,
    queues,
    runner,
    memory: createMemory(),
    now: options.now ?? Date.now,
    log: silentLog,
  };
  const known = options.environments ?? environments;
  const target = (environment = "dev"): WakeUp => ({
    installationId: shop.installationId,
    repositoryId: shop.id,
    environment,
  });
  const session = (name = "dev"): Session => {
    const environment = known.find((one) => one.name === name);
    if (!environment) throw new Error(`no environment ${name}`);
    const place = { type: "local", directory: "/nowhere" } as const;
    return {
      github,
      git,
      target: target(name),
      environment,
      environments: known,
      binding: { repositoryId: shop.id, environment: name, backend: place, artifacts: place },
      store: place,
      foreignPlaces: [],
      fullName: shop.fullName,
    };
  };
  const work = (environment: string, deep: boolean): Work => ({
    session: session(environment),
    services,
    deep,
    log: silentLog,
  });
  return {
    runner,
    queues,
    services,
    session,
    target,
    reconcile: (environment = "dev", { deep } = { deep: true }) => reconcile(work(environment, deep)),
  };
}
