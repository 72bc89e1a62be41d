import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Beginning, catFile, type GitOptions, git, gitBeginning } from "./command.ts";
import { gitCredentials, type TokenSource } from "./credentials.ts";

/** A bare copy of one repository on this machine; may be deleted at any time. */
export interface Mirror {
  readonly directory: string;
  /** The remote, without any credential. */
  readonly url: string;
  /** Runs git in the mirror, without the network. */
  local(args: readonly string[], options?: Omit<GitOptions, "cwd">): Promise<string>;
  /** The same for what a repository can make endless: at most `limit` bytes of what git prints. */
  beginning(
    args: readonly string[],
    options: Omit<GitOptions, "cwd" | "signal">,
    limit: number,
  ): Promise<Beginning>;
  /** What `git cat-file --batch` prints for these object names, one a line. */
  readObjects(names: string): Promise<Buffer>;
  /** Runs git in the mirror against the remote. */
  remote(args: readonly string[], options?: Omit<GitOptions, "cwd">): Promise<string>;
  /** Does one thing after another: two fetches of one ref would race for its lock. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export interface MirrorOptions {
  /** Holds one directory for each repository. */
  readonly root: string;
  readonly repository: number;
  readonly url: string;
  readonly token: TokenSource;
}

/** The mirror of a repository, made empty when there is none yet. */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const directory = path.join(options.root, `${options.repository}.git`);
  await ensureRepository(directory);
  return {
    directory,
    url: options.url,
    local: async (args, rest) => {
      await ensureRepository(directory);
      return await git(args, { ...rest, cwd: directory });
    },
    beginning: async (args, rest, limit) => {
      await ensureRepository(directory);
      return await gitBeginning(args, { ...rest, cwd: directory }, limit);
    },
    readObjects: async (names) => {
      await ensureRepository(directory);
      return await catFile(["--batch"], { cwd: directory, input: names });
    },
    remote: async (args, rest) => {
      await ensureRepository(directory);
      const environment = { ...gitCredentials(await options.token()), ...rest?.environment };
      return await git(args, { ...rest, cwd: directory, environment });
    },
    inTurn: (work) => inTurn(directory, work),
  };
}

/** The end of the queue for each mirror directory, however often it was opened. */
const queues = new Map<string, Promise<unknown>>();

function inTurn<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const turn = (queues.get(directory) ?? Promise.resolve()).then(work);
  queues.set(
    directory,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Made beside and renamed, so that a crash or a second worker never leaves half a repository. */
async function ensureRepository(directory: string): Promise<void> {
  if (await exists(path.join(directory, "HEAD"))) return;
  const fresh = `${directory}.${randomUUID()}`;
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  await git(["init", "--quiet", "--bare", "--template="], { cwd: fresh });
  try {
    await rename(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(path.join(directory, "HEAD")))) throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
