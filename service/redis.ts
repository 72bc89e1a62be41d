import { mkdir, readFile, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { WaymarkError } from "../promotion/failure.ts";
import { addressFile, ownerName, startServer } from "./redis-server.ts";

/** A private Redis that runs as long as its owner does. */
export interface EmbeddedRedis {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts Redis (or Valkey) on a free loopback port, with a password of its own and every write on disk before it is
 * confirmed. One that a killed owner left running on the same data is stopped first.
 * Errors: `redis-not-started`, `already-running`, `redis-not-stopped` (service).
 */
export async function startEmbeddedRedis(directory: string, searchPath: string): Promise<EmbeddedRedis> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await stopEmbeddedRedis(directory);
  const { url, owner } = await startServer(directory, searchPath);
  return {
    url,
    close: async () => {
      owner.disconnect();
      await withServer(url, directory, shutDown);
      await rm(addressFile(directory), { force: true });
    },
  };
}

/**
 * Stops a Redis that a killed process left on this data: two servers must never write the same files.
 * Errors: `already-running`: its owner lives; `redis-not-stopped` (service).
 */
export async function stopEmbeddedRedis(directory: string): Promise<void> {
  const url = await readFile(addressFile(directory), "utf8").catch(() => undefined);
  if (url === undefined) return;
  await withServer(url, directory, async (connection) => {
    if (await hasOwner(connection)) throw alreadyRunning(directory);
    await shutDown(connection);
  });
  await rm(addressFile(directory), { force: true });
}

/** Milliseconds until a server that takes connections but does not do as it is told is given up. */
const patience = 5000;

/** Does something with the server at an address; nothing if there is none any more, or none of ours. */
async function withServer(
  url: string,
  directory: string,
  what: (connection: Redis) => Promise<void>,
): Promise<void> {
  const connection = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 });
  connection.on("error", () => undefined);
  const done = connection.connect().then(
    () => what(connection),
    () => undefined,
  );
  try {
    const late = setTimeout(patience, "late" as const, { ref: false });
    if ((await Promise.race([done, late])) === "late") throw notStopped(directory);
  } finally {
    connection.disconnect();
  }
}

/** The owner's connection ends with its process, however that ends. */
async function hasOwner(connection: Redis): Promise<boolean> {
  const clients = String(await connection.call("CLIENT", "LIST"));
  return clients.split("\n").some((client) => client.split(" ").includes(`name=${ownerName}`));
}

/** Ends with the server's process, which closes its connections last. */
async function shutDown(connection: Redis): Promise<void> {
  const closed = new Promise((resolve) => connection.once("close", resolve));
  connection.call("SHUTDOWN", "NOSAVE").catch(() => undefined);
  await closed;
}

function alreadyRunning(directory: string): WaymarkError {
  return new WaymarkError({
    code: "already-running",
    source: "service",
    class: "configuration",
    message: `Another process runs an embedded Redis on ${directory}.`,
    next: "Stop that process first, or give this one a WAYMARK_HOME of its own.",
  });
}

function notStopped(directory: string): WaymarkError {
  return new WaymarkError({
    code: "redis-not-stopped",
    source: "service",
    class: "configuration",
    message: `An earlier Redis on ${directory} takes connections, but does not end.`,
    next: "End its process (redis-server or valkey-server), then start again.",
  });
}
