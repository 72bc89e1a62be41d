import { afterAll, beforeAll, expect, it } from "vitest";
import { checkRedis } from "../../../adapters/redis/check.ts";
import { connectForCommands, connectForWork } from "../../../adapters/redis/connect.ts";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { startRedis, whileHung } from "../../support/redis.ts";

let redis: EmbeddedRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

it("a command fails when Redis hangs, and works again afterwards", async () => {
  const connection = connectForCommands(redis.url);
  expect(await connection.ping()).toBe("PONG");
  await whileHung(redis.url, () => expect(connection.ping()).rejects.toThrow("Command timed out"));
  expect(await connection.ping()).toBe("PONG");
  connection.disconnect();
});

it("a command fails when Redis is gone; one that waits for work waits on", async () => {
  const gone = await startRedis();
  await gone.close();
  const commands = connectForCommands(gone.url);
  await expect(commands.ping()).rejects.toThrow();
  commands.disconnect();
  const work = connectForWork(gone.url);
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  work.ping().then(settle, settle);
  for (let tries = 0; tries < 3; tries += 1) {
    await new Promise((resolve) => work.once("reconnecting", resolve));
  }
  expect(settled).toBe(false);
  work.disconnect();
});

it("a Redis that takes us is fine; any other is named, without its password", async () => {
  await checkRedis(redis.url);
  const { host } = new URL(redis.url);
  const refused = async (url: string) => await checkRedis(url).catch((error: unknown) => error);
  expect(await refused(`redis://:hunter2@${host}`)).toMatchObject({
    code: "redis-unreachable",
    source: "service",
    message: expect.stringMatching(`^Redis at ${host} can't be used: WRONGPASS`),
  });
  expect(await refused("redis://:hunter2@127.0.0.1:1/")).toMatchObject({
    message: "Redis at 127.0.0.1:1 can't be used: connect ECONNREFUSED 127.0.0.1:1.",
  });
  expect(await refused(`redis://${host}`)).toMatchObject({ message: expect.stringContaining("NOAUTH") });
});
