import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { deliver } from "../support/http.ts";
import { startWorld, type World } from "../support/world.ts";

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

const all = ["dev", "experiment", "prod", "staging"];
const lastStatus = () => world.github.deliveries.at(-1)?.statusCode;

it("looks at everything bound of a repository that was added, and at nothing of one that was taken out", async () => {
  world.github.removeFromInstallation(world.installationId, ["acme/shop"], "alice");
  expect(await world.woken()).toEqual([]);
  expect(lastStatus()).toBe(200);
  world.github.install(world.app, "acme", ["acme/shop"], "alice");
  expect(await world.woken()).toEqual(all);
  for (const environment of all) expect(await world.isDeep(environment)).toBe(true);
});

it("looks at nothing of a repository that is not bound", async () => {
  await world.github.createRepository("acme/site");
  world.github.install(world.app, "acme", ["acme/site"], "alice");
  expect(await world.woken()).toEqual([]);
  expect(lastStatus()).toBe(200);
});

it("looks at everything as the new installation when the App was installed anew", async () => {
  world.github.uninstall(world.installationId, "alice");
  expect(await world.woken()).toEqual([]);
  const { installationId } = world.github.install(world.app, "acme", ["acme/shop"], "alice");
  const jobs = await world.jobs();
  expect(jobs.map(({ environment }) => environment).sort()).toEqual(all);
  expect(new Set(jobs.map((job) => job.installationId))).toEqual(new Set([installationId]));
});

it.each([
  ["unsuspend", all],
  ["new_permissions_accepted", all],
  ["suspend", []],
  ["deleted", []],
])("when the installation says %s wakes %j", async (action, woken) => {
  const payload = {
    action,
    installation: { id: world.installationId },
    repositories: [{ id: world.repository.id }],
  };
  const answer = await deliver(world.web.url, JSON.stringify(payload), { event: "installation" });
  expect(answer.status).toBe(200);
  expect(await world.woken()).toEqual(woken);
});
