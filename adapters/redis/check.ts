import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { WaymarkError } from "../../promotion/failure.ts";

/** Milliseconds. */
const patience = 10_000;

/** Does the Redis that the configuration names take us? Errors: `redis-unreachable` (service), without its password. */
export async function checkRedis(url: string): Promise<void> {
  const connection = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: patience,
  });
  let why = "it does not answer";
  connection.on("error", (error: Error) => {
    why = error.message;
  });
  const answered = connection.connect().then(
    () => connection.ping().then(() => true),
    () => false,
  );
  try {
    if (!(await Promise.race([answered, setTimeout(patience, false, { ref: false })])))
      throw unreachable(url, why);
  } finally {
    connection.disconnect();
  }
}

function unreachable(url: string, why: string): WaymarkError {
  return new WaymarkError({
    code: "redis-unreachable",
    source: "service",
    class: "configuration",
    message: `Redis at ${new URL(url).host} can't be used: ${why}.`,
    next: "Start it, or correct WAYMARK_REDIS_URL.",
  });
}
