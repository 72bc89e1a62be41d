import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectForCommands } from "../../../adapters/redis/connect.ts";
import { type Rate, tokenBuckets } from "../../../adapters/redis/token-bucket.ts";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { startRedis } from "../../support/redis.ts";

/** A minute, so that nothing grows back while a test runs. */
const rate: Rate = { burst: 15, interval: 60_000 };

let redis: EmbeddedRedis;
let connections: readonly [Redis, Redis];
beforeAll(async () => {
  redis = await startRedis();
  connections = [connectForCommands(redis.url), connectForCommands(redis.url)];
});
afterAll(async () => {
  for (const connection of connections) connection.disconnect();
  await redis.close();
});

/** Takes so many of one name over both connections in turn, all at once; gives the waits. */
async function takeAll(name: string, count: number): Promise<readonly number[]> {
  const takers = connections.map((connection) => tokenBuckets(connection, "bucket", rate));
  return await Promise.all(
    Array.from({ length: count }, (_, index) => takers[index % 2]?.(name) ?? Number.NaN),
  );
}

it("whoever takes, the burst is given out once, and then one after another waits for the next", async () => {
  const waits = (await takeAll("one", 19)).toSorted((a, b) => a - b);
  expect(waits.filter((wait) => wait === 0)).toHaveLength(15);
  expect(waits.slice(15).map((wait) => Math.ceil(wait / rate.interval))).toEqual([1, 2, 3, 4]);
});

it("names and prefixes have buckets of their own", async () => {
  await takeAll("two", 15);
  expect(await tokenBuckets(connections[0], "bucket", rate)("three")).toBe(0);
  expect(await tokenBuckets(connections[0], "other", rate)("two")).toBe(0);
  expect(await tokenBuckets(connections[1], "bucket", rate)("two")).toBeGreaterThan(0);
});

it("what was taken grows back, and a full bucket leaves nothing in Redis", async () => {
  const [connection] = connections;
  const soon = tokenBuckets(connection, "soon", { burst: 1, interval: 20 });
  expect(await soon("it")).toBe(0);
  await expect.poll(() => connection.exists("soon:tokens:it")).toBe(0);
  expect(await soon("it")).toBe(0);
});

it("nobody waits for what a clock that was set back makes of it", async () => {
  const [connection] = connections;
  await connection.set("bucket:tokens:later", "", "PX", 1e12);
  const most = 61 * rate.interval;
  expect(await takeAll("later", 2)).toEqual([most, most]);
});
