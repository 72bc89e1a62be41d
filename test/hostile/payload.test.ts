import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EmbeddedRedis } from "../../service/redis.ts";
import { deliver } from "../app/support/http.ts";
import { startWorld, type World } from "../app/support/world.ts";
import { startRedis } from "../support/redis.ts";
import { attack } from "./support/hostile-case.ts";
import { payloadTable } from "./tables/payload.ts";

let redis: EmbeddedRedis;
let world: World;

beforeAll(async () => {
  redis = await startRedis();
  world = await startWorld(redis.url);
});

beforeEach(() => world.wipe());

afterAll(async () => {
  await world.close();
  await redis.close();
});

const [before, after] = ["a".repeat(40), "b".repeat(40)];

/** A push of bob's to dev, as GitHub tells it. */
const truth = () => ({
  ref: "refs/heads/dev",
  before,
  after,
  sender: { login: "bob" },
  repository: { id: world.repository.id, pushed_at: 1_700_000_000 },
  installation: { id: world.installationId },
});

const tell = (payload: unknown, headers: Record<string, string> = {}) =>
  deliver(world.web.url, JSON.stringify(payload), { headers });

const knownEvents = async () => (await Promise.all(["dev", "staging", "prod"].map(world.noted))).flat();

describe("a push with a lie in it", () => {
  attack(payloadTable, async ({ input, refused }) => {
    expect((await tell({ ...truth(), ...input })).status).toBe(Number(refused) || 200);
    expect(await world.woken()).toEqual([]);
    expect(await knownEvents()).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("would have woken dev without it", async () => {
    expect((await tell(truth())).status).toBe(200);
    expect(await world.woken()).toEqual(["dev"]);
    expect(await knownEvents()).toMatchObject([{ ref: "refs/heads/dev", after, sender: "bob" }]);
  });
});

describe("a delivery that comes again", () => {
  it("wakes an environment once, however often", async () => {
    for (let times = 0; times < 20; times += 1) await tell(truth());
    expect(await world.woken()).toEqual(["dev"]);
  });

  it("keeps its id, so that it is known for the same", async () => {
    await tell(truth());
    await tell(truth());
    const deliveries = (await knownEvents()).map(({ delivery }) => delivery);
    expect(new Set(deliveries).size).toBe(1);
  });

  it("is none any more when a letter of it was changed", async () => {
    const body = JSON.stringify(truth());
    const { status } = await deliver(world.web.url, body.replace("bob", "eve"), {
      headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
    });
    expect(status).toBe(401);
    expect(await world.woken()).toEqual([]);
  });
});
