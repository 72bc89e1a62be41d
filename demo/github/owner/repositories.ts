import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commitDirectory, createBareRepository } from "../git/create.ts";
import type { Role } from "../model/account.ts";
import { createLock } from "../model/lock.ts";
import type { Repository } from "../model/repository.ts";
import { findRepository, timestamp, type World } from "../model/world.ts";
import { existingAccount, ownerAccount } from "./accounts.ts";

export interface RepositorySettings {
  /** A directory whose content becomes the first commit of every branch; without it the repository stays empty. */
  readonly from?: string;
  /** The first is the default branch; `main` unless told. */
  readonly branches?: readonly string[];
  /** Roles by login. The first login named is the first commit's author. */
  readonly collaborators?: Readonly<Record<string, Role>>;
}

export interface CreatedRepository {
  readonly id: number;
  readonly fullName: string;
  readonly cloneUrl: string;
  /** The bare repository, the truth about its refs. To be read; changes made there send no events. */
  readonly bareDirectory: string;
}

export interface Repositories {
  /**
   * Makes a private repository `owner/name`, and the organisation that owns it if need be. Sends no event. Throws
   * if its directory is there already: what an earlier run has left is not to be taken for this one's.
   */
  readonly createRepository: (fullName: string, settings?: RepositorySettings) => Promise<CreatedRepository>;
  /** Gives a user a role in a repository, or takes it away (`undefined`). */
  readonly setRole: (fullName: string, login: string, role: Role | undefined) => void;
}

export function createRepositories(world: World, directory: string): Repositories {
  return {
    createRepository: async (fullName, settings = {}) => {
      const repository = await addRepository(world, directory, fullName, settings);
      const { id, directory: bareDirectory } = repository;
      return { id, fullName, cloneUrl: `${world.urls.web}/${fullName}.git`, bareDirectory };
    },
    setRole: (fullName, login, role) => {
      const { collaborators } = existingRepository(world, fullName);
      if (role === undefined) collaborators.delete(login);
      else collaborators.set(existingAccount(world, login).login, role);
    },
  };
}

async function addRepository(
  world: World,
  root: string,
  fullName: string,
  { from, branches = ["main"], collaborators = {} }: RepositorySettings,
): Promise<Repository> {
  const [owner, name] = splitName(fullName);
  const repository = describe(world, { owner, name, root, defaultBranch: branches[0] ?? "main" });
  for (const [login, role] of Object.entries(collaborators)) {
    repository.collaborators.set(existingAccount(world, login).login, role);
  }
  await mkdir(dirname(repository.directory), { recursive: true });
  await mkdir(repository.directory);
  await createBareRepository(repository.directory, repository.defaultBranch);
  if (from !== undefined) {
    const author = existingAccount(world, Object.keys(collaborators)[0] ?? owner);
    await commitDirectory({ directory: repository.directory, from, author, date: world.now(), branches });
  }
  world.repositories.set(repository.id, repository);
  return repository;
}

interface Description {
  readonly owner: string;
  readonly name: string;
  readonly root: string;
  readonly defaultBranch: string;
}

function describe(world: World, { owner, name, root, defaultBranch }: Description): Repository {
  const now = timestamp(world);
  return {
    id: world.nextId(),
    owner: ownerAccount(world, owner),
    name,
    fullName: `${owner}/${name}`,
    directory: join(root, owner, `${name}.git`),
    defaultBranch,
    collaborators: new Map(),
    createdAt: now,
    pushedAt: now,
    checkSuites: new Map(),
    checkRuns: new Map(),
    deployments: new Map(),
    pullRequests: new Map(),
    comments: new Map(),
    refs: createLock(),
    outbox: createLock(),
  };
}

/** Throws for a name that GitHub would not take, or that could leave the directory of repositories. */
function splitName(fullName: string): readonly [string, string] {
  const [, owner, name] = /^([A-Za-z0-9][A-Za-z0-9-]*)\/([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(fullName) ?? [];
  if (owner === undefined || name === undefined) throw new Error(`${fullName} is no name for a repository`);
  return [owner, name];
}

/** The repository `owner/name`. Throws if there is none. */
export function existingRepository(world: World, fullName: string): Repository {
  const repository = findRepository(world, fullName);
  if (repository === undefined) throw new Error(`no repository ${fullName}`);
  return repository;
}
