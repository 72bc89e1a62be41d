import type { Redis } from "ioredis";
import { z } from "zod";

/** So many may be taken at once, then one in each interval (milliseconds). */
export interface Rate {
  readonly burst: number;
  readonly interval: number;
}

/**
 * Takes one token from the bucket of that name, and gives the milliseconds until it may be used. Who asks first is
 * served first. Rejects when Redis does not answer.
 */
export type TakeToken = (name: string) => Promise<number>;

const answer = z.number().nonnegative();

/** One bucket for each name, shared by all processes that use a Redis. `prefix` keeps several installations apart. */
export function tokenBuckets(connection: Redis, prefix: string, { burst, interval }: Rate): TakeToken {
  return async (name) =>
    answer.parse(await connection.eval(take, 1, `${prefix}:tokens:${name}`, burst, interval));
}

/** So many tokens may be promised ahead at most, which is many more than there are processes. */
const mostAhead = 60;

/**
 * What was taken and has not grown back is kept as the key's time to live: a bucket that is full leaves nothing behind,
 * and nobody holds anything that could be lost with them. A clock that was set back must not make anybody wait for it.
 */
const take = `
local interval = tonumber(ARGV[2])
local at_once = ARGV[1] * interval
local before = math.max(0, math.min(redis.call("PTTL", KEYS[1]), at_once + ${mostAhead} * interval))
redis.call("SET", KEYS[1], "", "PX", before + interval)
return math.max(0, before + interval - at_once)`;
