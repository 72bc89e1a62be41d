import path from "node:path";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { openMirror } from "../adapters/git/mirror.ts";
import { gitRepository, type Repository } from "../adapters/git/repository.ts";
import { forgetOldSpaces } from "../adapters/git/seen.ts";
import { type AppCredentials, installationClient, installationToken } from "../adapters/github/client.ts";
import { findRepository, type GitHubRepository } from "../adapters/github/repository.ts";
import { bindingFor } from "../adapters/registry/binding.ts";
import { foreignPlaces } from "../adapters/registry/foreign-places.ts";
import { localStore } from "../adapters/registry/local-store.ts";
import type { LocalPlace } from "../adapters/registry/places.ts";
import type { Binding, Registry } from "../adapters/registry/schema.ts";
import type { Signer } from "../adapters/signing/signer.ts";
import type { Environment } from "../promotion/environment.ts";
import type { WakeUp } from "./queues.ts";

/** One repository as a worker sees it: through GitHub's API and through git. */
export interface RepositorySession {
  readonly github: GitHubRepository;
  readonly git: Repository;
}

/** One environment of one repository, with what the admin gave it. */
export interface Session extends RepositorySession {
  readonly target: WakeUp;
  readonly environment: Environment;
  readonly environments: readonly Environment[];
  readonly binding: Binding;
  /** Its bundles and notes on this machine. */
  readonly store: LocalPlace;
  /** Names of what other environments and repositories were given. */
  readonly foreignPlaces: readonly string[];
  /** As the registry spells it: state is kept under this name, whatever the repository is renamed to. */
  readonly fullName: string;
}

export interface SessionOptions {
  readonly app: AppCredentials;
  /** Holds the mirrors. */
  readonly home: string;
  readonly signer: Signer;
  registry(): Promise<Registry>;
  readonly log: Logger;
}

export interface Sessions {
  /** Undefined: the admin has not provisioned this environment for this repository. */
  open(target: WakeUp): Promise<Session | undefined>;
  repository(installationId: number, repositoryId: number): Promise<RepositorySession>;
  /** Learn anew where the repository is: it may have been renamed or moved. */
  forget(repositoryId: number): void;
}

const rememberedRepositories = 500;

export function createSessions(options: SessionOptions): Sessions {
  const known = new LRUCache<number, Promise<RepositorySession>>({ max: rememberedRepositories });
  const repository = (installationId: number, repositoryId: number): Promise<RepositorySession> => {
    const opened = known.get(repositoryId) ?? openRepository(options, installationId, repositoryId);
    known.set(repositoryId, opened);
    opened.catch(() => known.delete(repositoryId));
    return opened;
  };
  return {
    repository,
    forget: (repositoryId) => void known.delete(repositoryId),
    open: async (target) => {
      const registry = await options.registry();
      const environment = registry.environments.find(({ name }) => name === target.environment);
      const binding = bindingFor(registry, target.repositoryId, target.environment);
      const registered = registry.repositories.find(({ id }) => id === target.repositoryId);
      if (!environment || !binding || !registered) return undefined;
      const { environments } = registry;
      const session = await repository(target.installationId, target.repositoryId);
      return {
        ...session,
        target,
        environment,
        environments,
        binding,
        store: localStore(binding, options.home),
        foreignPlaces: foreignPlaces(registry, binding),
        fullName: registered.fullName,
      };
    },
  };
}

async function openRepository(
  { app, home, signer, log }: SessionOptions,
  installationId: number,
  repositoryId: number,
): Promise<RepositorySession> {
  const client = installationClient(app, installationId, log);
  const github = await findRepository(client, installationId, repositoryId);
  const mirror = await openMirror({
    root: path.join(home, "mirrors"),
    repository: repositoryId,
    url: github.cloneUrl,
    token: () => installationToken(client),
  });
  await forgetOldSpaces(mirror);
  return { github, git: gitRepository(mirror, signer) };
}
