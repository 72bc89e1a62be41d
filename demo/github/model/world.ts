import type { Account } from "./account.ts";
import type { ApiRequest } from "./api-request.ts";
import type { App, Installation, InstallationToken } from "./app.ts";
import type { Delivery } from "./delivery.ts";
import type { Faults } from "./faults.ts";
import type { Lock } from "./lock.ts";
import type { RateLimits } from "./rate-limit.ts";
import type { Repository } from "./repository.ts";

export interface Urls {
  /** The site: pages and git, without a trailing slash. */
  readonly web: string;
  /** The REST API's base, without a trailing slash. */
  readonly api: string;
}

/** Everything the server knows, in one place. Lives as long as the process. */
export interface World {
  readonly now: () => Date;
  readonly urls: Urls;
  readonly nextId: () => number;
  /** By lower-case login. */
  readonly accounts: Map<string, Account>;
  readonly userTokens: Map<string, Account>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly installationTokens: Map<string, InstallationToken>;
  readonly repositories: Map<number, Repository>;
  readonly rateLimits: RateLimits;
  readonly faults: Faults;
  readonly deliveries: Delivery[];
  readonly requests: ApiRequest[];
  /** The newest answer to each request, so that one which is given again and again is kept once. */
  readonly answers: Map<string, string>;
  /** Events that belong to no repository leave one after the other. */
  readonly outbox: Lock;
  /** Work that outlives the request that caused it. */
  readonly pending: Set<Promise<unknown>>;
}

/** The present, as GitHub writes it: UTC, whole seconds. */
export function timestamp(world: Pick<World, "now">): string {
  return isoSeconds(world.now());
}

/** A date in UTC with whole seconds, e.g. `2026-01-31T12:00:00Z`. */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Keeps the server from being idle until `work` has ended. Its failure is a defect: it is thrown on. */
export function track<T>(world: Pick<World, "pending">, work: Promise<T>): Promise<T> {
  world.pending.add(work);
  const forget = () => world.pending.delete(work);
  work.then(forget, forget);
  return work;
}

/** The account with that login, in any case; undefined if there is none. */
export function findAccount(world: World, login: string): Account | undefined {
  return world.accounts.get(login.toLowerCase());
}

/** The repository `owner/name`, in any case; undefined if there is none. */
export function findRepository(world: World, fullName: string): Repository | undefined {
  const wanted = fullName.toLowerCase();
  return [...world.repositories.values()].find(({ fullName }) => fullName.toLowerCase() === wanted);
}

/** The installations that cover a repository. */
export function installationsOn(world: World, repository: Repository): readonly Installation[] {
  return [...world.installations.values()].filter(({ repositoryIds }) => repositoryIds.has(repository.id));
}
