import { Redis } from "ioredis";
import type { Place } from "./scan.ts";

/** Every key of a Redis with its value. Errors: a kind of value that is not known here. */
export async function redisKeys(url: string): Promise<Place[]> {
  const redis = new Redis(url, { retryStrategy: () => null });
  try {
    const keys = await redis.keys("*");
    return await Promise.all(
      keys.map(async (key) => ({
        name: `Redis ${key}`,
        content: JSON.stringify([key, await read(redis, key)]),
      })),
    );
  } finally {
    redis.disconnect();
  }
}

async function read(redis: Redis, key: string): Promise<unknown> {
  const kind = await redis.type(key);
  switch (kind) {
    case "string":
      return await redis.get(key);
    case "hash":
      return await redis.hgetall(key);
    case "list":
      return await redis.lrange(key, 0, -1);
    case "set":
      return await redis.smembers(key);
    case "zset":
      return await redis.zrange(key, "0", "-1");
    case "stream":
      return await redis.xrange(key, "-", "+");
    case "none":
      return undefined;
    default:
      throw new Error(`no way to read a ${kind} from Redis`);
  }
}
