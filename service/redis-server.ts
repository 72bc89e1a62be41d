import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, constants, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { Redis } from "ioredis";
import { WaymarkError } from "../promotion/failure.ts";

/** What the owner's connection is called: as long as it is there, the server has an owner. */
export const ownerName = "waymark-owner";

/** A server that answers, and its owner's connection to it. */
export interface StartedServer {
  readonly url: string;
  readonly owner: Redis;
}

export const addressFile = (directory: string): string => path.join(directory, "address");

/** Between its choice and its use a port may be taken by somebody else. */
const tries = 3;

/**
 * Starts a server on a directory that no other one uses, and waits until it answers. Its address is written down
 * before, so that it can be found and stopped if its owner is killed.
 */
export async function startServer(directory: string, searchPath: string): Promise<StartedServer> {
  const program = await findProgram(searchPath);
  for (let tried = 1; ; tried += 1) {
    const port = await freePort();
    const password = randomBytes(24).toString("base64url");
    const url = `redis://:${password}@127.0.0.1:${port}`;
    await writeFile(addressFile(directory), url, { mode: 0o600 });
    try {
      return {
        url,
        owner: await answering(url, runServer(program, directory, url)),
      };
    } catch (error) {
      if (tried === tries) throw error;
    }
  }
}

/**
 * Runs a server on a directory under an address of this machine. It outlives signals to its owner's group, for the owner
 * still needs it to end well.
 */
export function runServer(program: string, directory: string, url: string): ChildProcess {
  const options = { cwd: directory, env: {}, detached: true } as const;
  const server = spawn(program, ["-"], { ...options, stdio: ["pipe", "ignore", "ignore"] });
  server.stdin?.on("error", () => undefined).end(configuration(directory, new URL(url)));
  return server;
}

/** Given on standard input, since other users can read argument lists. */
function configuration(directory: string, { port, password }: URL): string {
  return [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    "appendonly yes",
    "appendfsync always",
    "maxmemory-policy noeviction",
    'save ""',
    "daemonize no",
    "",
  ].join("\n");
}

async function answering(url: string, server: ChildProcess): Promise<Redis> {
  const ended = new Promise<never>((_, reject) => {
    server.once("error", (error) => reject(startError(error)));
    server.once("exit", (code) => reject(startError(`it ended with ${code}`)));
  });
  ended.catch(() => undefined);
  const owner = new Redis(url, {
    connectionName: ownerName,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  owner.on("error", () => undefined);
  try {
    await Promise.race([owner.ping(), ended]);
  } catch (error) {
    owner.disconnect();
    throw error;
  }
  server.unref();
  return owner;
}

async function findProgram(searchPath: string): Promise<string> {
  const names = ["redis-server", "valkey-server"];
  const directories = searchPath.split(path.delimiter).filter((directory) => directory !== "");
  for (const file of names.flatMap((name) => directories.map((directory) => path.join(directory, name)))) {
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  throw startError("neither redis-server nor valkey-server is on the PATH");
}

function startError(cause: unknown): WaymarkError {
  return new WaymarkError({
    code: "redis-not-started",
    source: "service",
    class: "configuration",
    message: `The embedded Redis did not start: ${cause instanceof Error ? cause.message : cause}.`,
    next: "Run npm run setup, which installs it, or point WAYMARK_REDIS_URL at one.",
    cause,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw startError("there is no free port");
  return address.port;
}
