import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectForCommands } from "../../adapters/redis/connect.ts";
import { openQueues } from "../../jobs/queues.ts";
import type { EmbeddedRedis } from "../../service/redis.ts";
import { startRedis, whileHung } from "../support/redis.ts";
import { deliver, send } from "./support/http.ts";
import { startWorld, type World } from "./support/world.ts";

/** An event that needs no answer from GitHub, so that only Redis can fail. */
const merged = (world: World) => ({
  action: "closed",
  pull_request: { merged: true, base: { ref: "dev" } },
  repository: { id: world.repository.id },
  installation: { id: world.installationId },
});

describe("while Redis does not answer", () => {
  let redis: EmbeddedRedis;
  let world: World;
  beforeAll(async () => {
    redis = await startRedis();
    world = await startWorld(redis.url);
  });
  afterAll(async () => {
    await world.close();
    await redis.close();
  });

  it("nothing is said to be enqueued, and soon after it answers all is well", async () => {
    const body = JSON.stringify(merged(world));
    const connection = connectForCommands(redis.url);
    await connection.ping();
    const queues = openQueues(connection, "first");
    const [delivered, ready, alive] = await whileHung(redis.url, () =>
      Promise.all([
        deliver(world.web.url, body, { event: "pull_request" }),
        send(`${world.web.url}/readyz`, {}),
        send(`${world.web.url}/healthz`, {}),
        expect(queues.wake(world.target("prod"))).rejects.toThrow(),
      ]),
    );
    expect([delivered.status, ready.status, alive.status]).toEqual([503, 503, 200]);
    expect(await deliver(world.web.url, body, { event: "pull_request" })).toMatchObject({ status: 200 });
    expect((await send(`${world.web.url}/readyz`, {})).status).toBe(200);
    expect(await world.woken()).toEqual(["dev"]);
    await queues.wake(world.target("prod"));
    await queues.close();
    connection.disconnect();
  });
});

describe("when Redis is gone", () => {
  it("a delivery fails before GitHub gives up on it, is logged as failed there, and can be delivered again", async () => {
    const redis = await startRedis();
    const world = await startWorld(redis.url);
    await redis.close();
    const copy = await world.clone(world.users.alice.token);
    await copy.git("checkout", "--quiet", "dev");
    await copy.commit({ "a.txt": "a" });
    await copy.git("push", "--quiet", "origin", "dev");
    await world.github.idle();
    const pushes = world.github.deliveries.filter(({ event }) => event === "push");
    expect(pushes.map(({ statusCode }) => statusCode)).toEqual([503]);
    expect((await send(`${world.web.url}/readyz`, {})).status).toBe(503);
    expect(world.web.lines.some((line) => line.includes('"not enqueued"'))).toBe(true);
    await world.close();
  });

  it("an event is answered in time even if Redis was never there", async () => {
    const redis = await startRedis();
    await redis.close();
    const world = await startWorld(redis.url);
    const body = JSON.stringify({
      ref: "dev",
      ref_type: "branch",
      sender: { login: "alice" },
      repository: { id: world.repository.id },
      installation: { id: world.installationId },
    });
    expect((await deliver(world.web.url, body, { event: "create" })).status).toBe(503);
    await world.close();
  });
});
