import path from "node:path";
import { Redis } from "ioredis";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../service/redis.ts";
import { freshDirectory } from "./directory.ts";

/** A Redis of the test's own, in the directory given or in a new one. */
export async function startRedis(directory?: string): Promise<EmbeddedRedis> {
  return await startEmbeddedRedis(
    directory ?? path.join(await freshDirectory(), "redis"),
    process.env.PATH ?? "",
  );
}

/** One command on a connection of its own; gives what Redis answers as text. */
export async function ask(url: string, command: string, ...args: readonly string[]): Promise<string> {
  const connection = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  connection.on("error", () => undefined);
  try {
    await connection.connect();
    return String(await connection.call(command, ...args));
  } finally {
    connection.disconnect();
  }
}

/** The server's process number. */
export async function pidOf(url: string): Promise<number> {
  const pid = /^process_id:([0-9]+)/m.exec(await ask(url, "INFO", "server"))?.[1];
  if (pid === undefined) throw new Error("Redis does not tell its process number");
  return Number(pid);
}

/** Does something while Redis is stopped by a signal: it takes connections, and never answers. */
export async function whileHung<Result>(url: string, what: () => Promise<Result>): Promise<Result> {
  const pid = await pidOf(url);
  process.kill(pid, "SIGSTOP");
  try {
    return await what();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}
