import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import { createGitHubServer } from "./http/server.ts";
import type { ApiRequest } from "./model/api-request.ts";
import type { Delivery } from "./model/delivery.ts";
import { createFaults, type Faults } from "./model/faults.ts";
import { createLock } from "./model/lock.ts";
import { createRateLimits } from "./model/rate-limit.ts";
import type { World } from "./model/world.ts";
import { type Accounts, createAccounts } from "./owner/accounts.ts";
import { type Apps, createApps } from "./owner/apps.ts";
import { type Buttons, createButtons } from "./owner/buttons.ts";
import { createRepositories, type Repositories } from "./owner/repositories.ts";

export interface LocalGitHubOptions {
  /** Where the bare repositories go. Made if it is not there; never removed. */
  readonly directory: string;
  /** Port on 127.0.0.1; a free one unless told. */
  readonly port?: number;
  /** What time it is, for expiry and rate limits; the real time unless told. */
  readonly clock?: () => Date;
  /** Requests per hour of each installation, App and user; 5,000 unless told. */
  readonly rateLimit?: number;
}

/** A GitHub of one's own, over HTTP, for as long as the process lives. See the methods for what it can be told. */
export interface LocalGitHub extends Accounts, Apps, Repositories, Buttons {
  /** The site: pages, and git at `<url>/<owner>/<repository>.git`. */
  readonly url: string;
  /** The REST API's base, to be used as it is. */
  readonly apiUrl: string;
  /** What to do wrong, and when. */
  readonly faults: Faults;
  /** Every try to deliver a webhook, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Every REST request, oldest first. */
  readonly requests: readonly ApiRequest[];
  /** The REST requests that no route answered: a client asks for something this server lacks. */
  readonly unknownRequests: () => readonly ApiRequest[];
  /** Resolves once every push is digested and every webhook answered. */
  readonly idle: () => Promise<void>;
  /** Waits until idle, then stops listening. */
  readonly close: () => Promise<void>;
}

/** Starts a GitHub on this machine. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  await mkdir(options.directory, { recursive: true });
  let world: World;
  const server = createGitHubServer(() => world);
  const port = await listen(server, options.port ?? 0);
  world = createWorld(options, `http://127.0.0.1:${port}`);
  return control(world, server, options.directory);
}

function createWorld({ clock = () => new Date(), rateLimit = 5000 }: LocalGitHubOptions, url: string): World {
  let lastId = 1000;
  return {
    now: clock,
    urls: { web: url, api: `${url}/api/v3` },
    nextId: () => ++lastId,
    accounts: new Map(),
    userTokens: new Map(),
    apps: new Map(),
    installations: new Map(),
    installationTokens: new Map(),
    repositories: new Map(),
    rateLimits: createRateLimits(clock, rateLimit),
    faults: createFaults(clock),
    deliveries: [],
    requests: [],
    answers: new Map(),
    outbox: createLock(),
    pending: new Set(),
  };
}

function control(world: World, server: Server, directory: string): LocalGitHub {
  const idle = () => untilIdle(world);
  return {
    ...createAccounts(world),
    ...createApps(world),
    ...createRepositories(world, directory),
    ...createButtons(world),
    url: world.urls.web,
    apiUrl: world.urls.api,
    faults: world.faults,
    deliveries: world.deliveries,
    requests: world.requests,
    unknownRequests: () => world.requests.filter(({ known }) => !known),
    idle,
    close: async () => {
      await idle();
      await stop(server);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

/** What is pending may cause more of it. */
async function untilIdle({ pending }: World): Promise<void> {
  while (pending.size > 0) await Promise.allSettled(pending);
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
