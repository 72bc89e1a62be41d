import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { Redis } from "ioredis";
import { WaymarkError } from "../promotion/failure.ts";

/** A private Redis that runs as long as its owner does. */
export interface EmbeddedRedis {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts Redis (or Valkey) on a free loopback port, with a password of its own and every write on disk before it is
 * confirmed. One that an earlier owner left running on the same data is stopped first.
 */
export async function startEmbeddedRedis(directory: string, searchPath: string): Promise<EmbeddedRedis> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await stopEmbeddedRedis(directory);
  const port = await freePort();
  const password = randomBytes(24).toString("base64url");
  const url = `redis://:${password}@127.0.0.1:${port}`;
  await writeFile(addressFile(directory), url, { mode: 0o600 });
  const server = spawn(await findServer(searchPath), ["-"], {
    cwd: directory,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  server.stdin?.end(configuration(directory, port, password));
  await answering(url, server);
  return { url, close: () => shutDown(directory, url) };
}

/** Given on standard input, since other users can read argument lists. */
function configuration(directory: string, port: number, password: string): string {
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

const addressFile = (directory: string): string => path.join(directory, "address");

/** Stops a Redis that a killed process left on this data: two servers must never write the same files. */
export async function stopEmbeddedRedis(directory: string): Promise<void> {
  const url = await readFile(addressFile(directory), "utf8").catch(() => undefined);
  if (url !== undefined) await shutDown(directory, url);
}

async function shutDown(directory: string, url: string): Promise<void> {
  const connection = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 });
  connection.on("error", () => undefined);
  const closed = new Promise((resolve) => connection.once("close", resolve));
  try {
    await connection.connect();
    await connection.call("SHUTDOWN", "NOSAVE").catch(() => undefined);
    await closed;
  } catch {
    // Nobody listens there any more: nothing to stop.
  } finally {
    connection.disconnect();
    await rm(addressFile(directory), { force: true });
  }
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    server.once("error", (error) => reject(startError(error)));
    server.once("exit", (code) => reject(startError(`it ended with ${code}`)));
  });
  ended.catch(() => undefined);
  const connection = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  connection.on("error", () => undefined);
  try {
    await Promise.race([connection.ping(), ended]);
    server.unref();
  } finally {
    connection.disconnect();
  }
}

async function findServer(searchPath: string): Promise<string> {
  const names = ["redis-server", "valkey-server"];
  const files = names.flatMap((name) =>
    searchPath.split(path.delimiter).map((directory) => path.join(directory, name)),
  );
  for (const file of files) {
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
