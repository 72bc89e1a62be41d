import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { shop } from "../../demo/github/scene.ts";
import { startRedis } from "../../support/redis.ts";
import { startWorld, type World } from "../support/world.ts";

const zeros = "0".repeat(40);

let redis: EmbeddedRedis;
let world: World;
/** Alice's working copy. */
let copy: Awaited<ReturnType<World["clone"]>>;

beforeAll(async () => {
  redis = await startRedis();
  world = await startWorld(redis.url);
  copy = await world.clone(world.users.alice.token);
  await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/prod");
});
beforeEach(() => world.wipe());
afterAll(async () => {
  await world.close();
  await redis.close();
});

let files = 0;
const commit = () => copy.commit({ [`file-${++files}.txt`]: "" });
const push = (...refspecs: readonly string[]) =>
  copy.git("push", "--quiet", "--force", "origin", ...refspecs);
const head = (ref: string) => world.github.idle().then(() => copy.git("ls-remote", "origin", ref));
const idOf = async (ref: string) => (await head(ref)).split("\t")[0];

describe("a push by a person", () => {
  it("wakes those who follow the branch, and notes who pushed what", async () => {
    const before = await idOf("refs/heads/dev");
    const after = await commit();
    await push("HEAD:dev");
    expect(await world.jobs()).toEqual([world.target("dev")]);
    expect(await world.isDeep("dev")).toBe(true);
    const delivery = world.github.deliveries.findLast(({ event }) => event === "push")?.guid;
    expect(await world.noted("dev")).toEqual([
      { delivery, ref: "refs/heads/dev", before, after, sender: "alice", at: expect.any(Number) },
    ]);
    expect(await world.noted("prod")).toEqual([]);
  });

  it("wakes the environment whose tag moved, and notes the tag object, not the commit", async () => {
    await copy.git("tag", "--annotate", "--force", "-m", "back", "deploy/prod/current", "HEAD~0");
    const after = await copy.git("rev-parse", "refs/tags/deploy/prod/current");
    await push("refs/tags/deploy/prod/current");
    expect(await world.woken()).toEqual(["prod"]);
    expect(await world.noted("prod")).toMatchObject([
      { ref: "refs/tags/deploy/prod/current", before: zeros, after, sender: "alice" },
    ]);
  });

  it("wakes an environment without a branch by its tags", async () => {
    await push("HEAD:refs/tags/deploy/experiment/frozen");
    expect(await world.woken()).toEqual(["experiment"]);
  });

  it("wakes everybody whose ref moved, each once", async () => {
    await commit();
    await push("HEAD:dev", "HEAD:main", "HEAD:refs/tags/deploy/dev/frozen");
    expect(await world.woken()).toEqual(["dev", "staging"]);
    expect(await world.noted("dev")).toHaveLength(2);
  });

  it("wakes by a ref that goes away, too", async () => {
    await push("HEAD:refs/tags/deploy/experiment/claimed");
    const before = await idOf("refs/tags/deploy/experiment/claimed");
    await world.wipe();
    await push(":refs/tags/deploy/experiment/claimed");
    expect(await world.woken()).toEqual(["experiment"]);
    expect((await world.noted("experiment"))[0]).toMatchObject({ before, after: zeros });
  });

  it.each([
    "HEAD:refs/heads/feature",
    "HEAD:refs/heads/deploy/dev/current",
    "HEAD:refs/tags/dev",
    "HEAD:refs/tags/heads/dev",
    "HEAD:refs/tags/deploy/nowhere/current",
    "HEAD:refs/tags/deploy/staging",
    "HEAD:refs/tags/deploy/dev/current/x",
    "HEAD:refs/tags/deploy/dev/01",
  ])("of %s concerns nobody", async (refspec) => {
    await push(refspec);
    expect(await world.woken()).toEqual([]);
    expect(world.github.deliveries.at(-1)?.statusCode).toBe(200);
    await push(refspec.replace("HEAD", ""));
  });

  it("that arrives twice wakes once", async () => {
    world.github.faults.onDelivery({ event: "push", effect: "duplicate" });
    await commit();
    await push("HEAD:dev");
    expect(await world.woken()).toEqual(["dev"]);
    const noted = await world.noted("dev");
    expect(new Set(noted.map(({ delivery }) => delivery)).size).toBe(1);
  });
});

describe("a push by Waymark itself", () => {
  it("is noted, and wakes nobody", async () => {
    const bot = await world.clone(await installationToken(), `bot-${++files}`);
    await bot.git("push", "--quiet", "origin", "HEAD:refs/tags/deploy/dev/1");
    expect(await world.woken()).toEqual([]);
    expect(await world.noted("dev")).toMatchObject([
      { ref: "refs/tags/deploy/dev/1", sender: "waymark[bot]" },
    ]);
    expect(world.github.deliveries.map(({ event }) => event)).toContain("create");
    await bot.git("push", "--quiet", "origin", ":refs/tags/deploy/dev/1");
    expect(await world.woken()).toEqual([]);
  });

  async function installationToken(): Promise<string> {
    const auth: unknown = await world.installationClient().auth({ type: "installation" });
    if (typeof auth === "object" && auth !== null && "token" in auth) return String(auth.token);
    throw new Error("no token");
  }
});

describe("what else says that a ref moved", () => {
  it("is heard when the push got lost", async () => {
    world.github.faults.onDelivery({ event: "push", effect: "drop", times: 2 });
    await push("HEAD:refs/tags/deploy/dev/frozen-not", "HEAD:refs/tags/deploy/experiment/current");
    expect(await world.woken()).toEqual(["experiment"]);
    expect(await world.noted("experiment")).toEqual([]);
    await world.wipe();
    world.github.faults.onDelivery({ event: "push", effect: "drop" });
    await push(":refs/tags/deploy/experiment/current");
    expect(await world.woken()).toEqual(["experiment"]);
  });

  it("is a pull request that was merged, but none that was only closed", async () => {
    const rest = world.as(world.users.alice);
    const open = async (branch: string) => {
      await commit();
      await push(`HEAD:refs/heads/${branch}`);
      return (await rest.pulls.create({ ...shop, title: branch, head: branch, base: "prod" })).data.number;
    };
    const closed = await open("closed");
    await rest.pulls.update({ ...shop, pull_number: closed, state: "closed" });
    expect(await world.woken()).toEqual([]);
    const merged = await open("merged");
    await world.github.idle();
    world.github.faults.onDelivery({ event: "push", effect: "drop" });
    await rest.pulls.merge({ ...shop, pull_number: merged });
    expect(await world.woken()).toEqual(["prod"]);
    expect(await world.isDeep("prod")).toBe(true);
    expect(await world.noted("prod")).toEqual([]);
  });
});

describe("a repository that the admin did not name", () => {
  it("wakes nobody, and nothing is noted", async () => {
    const from = copy.directory;
    const site = await world.github.createRepository("acme/site", {
      from,
      branches: ["dev"],
      collaborators: { alice: "maintain" },
    });
    world.github.install(world.app, "acme", ["acme/site"], "alice");
    await world.github.idle();
    const other = world.github.deliveries.length;
    await copy.git("push", "--quiet", "--force", site.cloneUrl, `${await commit()}:refs/heads/dev`);
    expect(await world.woken()).toEqual([]);
    const statuses = world.github.deliveries.slice(other).map(({ event, statusCode }) => [event, statusCode]);
    expect(statuses).toContainEqual(["push", 200]);
  });
});

it("tells its log no secret", async () => {
  await push(`${await commit()}:dev`);
  await world.github.idle();
  const said = world.web.lines.join("");
  expect(said).toContain('"heard"');
  for (const secret of ["webhook secret", "ghs_", "BEGIN", world.users.alice.token]) {
    expect(said).not.toContain(secret);
  }
});
