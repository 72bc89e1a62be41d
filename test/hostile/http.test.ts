import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddedRedis } from "../../service/redis.ts";
import { deliveryHeaders, send } from "../app/support/http.ts";
import { startTestWeb } from "../app/support/web.ts";
import { ask, startRedis } from "../support/redis.ts";
import { type Door, openDoor, webhooks } from "./support/door.ts";
import { attack } from "./support/hostile-case.ts";
import { httpTable } from "./tables/http.ts";

const megabyte = 1024 * 1024;
let redis: EmbeddedRedis;
let web: Awaited<ReturnType<typeof startTestWeb>>;
let door: Door;

beforeAll(async () => {
  redis = await startRedis();
  web = await startTestWeb({ redisUrl: redis.url });
  door = openDoor(web.url);
});

afterAll(async () => {
  await web.close();
  await redis.close();
});

const keys = () => ask(redis.url, "KEYS", "*");

describe("a request", () => {
  attack(httpTable, async ({ input, refused }) => {
    const before = await keys();
    expect(String(await input(door))).toBe(refused);
    expect(await keys()).toBe(before);
    expect(await door.deliver("{}")).toBe(200);
  });
});

describe("many large bodies at once", () => {
  /** Sends most of a body and then waits. Gives the answer, if one comes, and a way to hang up. */
  function startLarge(size: number) {
    const hangUp = new AbortController();
    const options = { method: "POST", path: webhooks, headers: deliveryHeaders(""), signal: hangUp.signal };
    const answer = send(web.url, options, (outgoing) => {
      for (let sent = 0; sent < size; sent += megabyte) outgoing.write(Buffer.alloc(megabyte, " "));
    });
    return {
      status: answer.then(
        ({ status }) => status,
        () => undefined,
      ),
      hangUp: () => hangUp.abort(),
    };
  }

  it("are refused before they fill the memory; usual deliveries come through meanwhile and all do afterwards", async () => {
    const large = Array.from({ length: 14 }, () => startLarge(24 * megabyte));
    expect(await Promise.race(large.map(({ status }) => status))).toBe(503);
    expect(await door.deliver("{}")).toBe(200);
    for (const { hangUp } of large) hangUp();
    await Promise.all(large.map(({ status }) => status));
    await expect.poll(() => door.deliver(Buffer.alloc(20 * megabyte, " "), { event: "ping" })).toBe(202);
  });
});
