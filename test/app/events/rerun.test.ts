import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EmbeddedRedis } from "../../../service/redis.ts";
import { shop } from "../../demo/github/scene.ts";
import { ask, startRedis } from "../../support/redis.ts";
import { deliver } from "../support/http.ts";
import { startWorld, type World } from "../support/world.ts";

let redis: EmbeddedRedis;
let world: World;
/** The App's own client, not throttled, and dev's head. */
let rest: ReturnType<World["installationClient"]>;
let head_sha: string;

beforeAll(async () => {
  redis = await startRedis();
  world = await startWorld(redis.url);
  rest = world.installationClient();
  const copy = await world.clone(world.users.alice.token);
  await copy.git("checkout", "--quiet", "dev");
  head_sha = await copy.commit({ "a.txt": "a" });
  await copy.git("push", "--quiet", "origin", "dev");
});
beforeEach(() => world.wipe());
afterAll(async () => {
  await world.close();
  await redis.close();
});

/** As many buttons as a check run may have. */
const buttons = (names: readonly string[]) =>
  names.map((identifier) => ({ label: identifier, description: identifier, identifier }));
async function completedRun(name: string, external_id = "owner-0"): Promise<number> {
  const names = external_id === "owner-0" ? ["retry", "force"] : ["approve", "resume"];
  const ended = { conclusion: "failure", actions: buttons(names), external_id } as const;
  const { data } = await rest.checks.create({ ...shop, name, head_sha, ...ended });
  await world.github.idle();
  return data.id;
}
const queuedRuns = async (check_name: string) => {
  await world.github.idle();
  const { data } = await rest.checks.listForRef({ ...shop, ref: head_sha, check_name, filter: "all" });
  return data.check_runs.filter(({ status }) => status === "queued");
};
const lastDelivery = async () => {
  await world.github.idle();
  return world.github.deliveries.findLast(
    ({ action }) => action === "rerequested" || action === "requested_action",
  );
};

describe("Re-run on a check run of ours", () => {
  it("is first written down as a queued one that says who asked in which delivery, then wakes", async () => {
    const id = await completedRun("deploy/dev");
    world.github.pressRerun("acme/shop", id, "bob");
    expect(await world.woken()).toEqual(["dev"]);
    expect(await world.isDeep("dev")).toBe(true);
    const delivery = await lastDelivery();
    expect(await queuedRuns("deploy/dev")).toMatchObject([
      { external_id: `rerun:bob:${delivery?.guid}`, head_sha, conclusion: null, app: { id: world.app.id } },
    ]);
  });

  it("is one wish, however often GitHub tells of it", async () => {
    const id = await completedRun("deploy/dev");
    const before = await queuedRuns("deploy/dev");
    world.github.pressRerun("acme/shop", id, "bob");
    const delivery = await lastDelivery();
    world.github.pressRedeliver(delivery?.id ?? 0);
    expect(await queuedRuns("deploy/dev")).toHaveLength(before.length + 1);
  });

  it("by the button that it shows does the same", async () => {
    const id = await completedRun("deploy/prod");
    world.github.pressAction("acme/shop", id, "retry", "alice");
    expect(await world.woken()).toEqual(["prod"]);
    const delivery = await lastDelivery();
    expect(await queuedRuns("deploy/prod")).toMatchObject([{ external_id: `rerun:alice:${delivery?.guid}` }]);
  });

  it("by the button without caches says so", async () => {
    const id = await completedRun("deploy/dev");
    world.github.pressAction("acme/shop", id, "force", "alice");
    expect(await world.woken()).toEqual(["dev"]);
    const { guid } = (await lastDelivery()) ?? {};
    const ids = (await queuedRuns("deploy/dev")).map(({ external_id }) => external_id);
    expect(ids).toContain(`rerun:alice:${guid}:force`);
  });

  it("counts among what the workers may write, and waits for none of that", async () => {
    const bucket = `world:tokens:installation-${world.installationId}`;
    const allTaken = 1e9;
    await ask(redis.url, "SET", bucket, "", "PX", String(allTaken));
    const id = await completedRun("deploy/dev");
    const before = await queuedRuns("deploy/dev");
    world.github.pressRerun("acme/shop", id, "bob");
    expect(await queuedRuns("deploy/dev")).toHaveLength(before.length + 1);
    // The count bounds what it finds, which shows that it came.
    await expect.poll(() => ask(redis.url, "PTTL", bucket).then(Number)).toBeLessThan(allTaken / 2);
  });

  it("on the answer to a request only wakes: the tag itself is the request", async () => {
    const id = await completedRun("deploy/prod/request");
    world.github.pressRerun("acme/shop", id, "alice");
    expect(await world.woken()).toEqual(["prod"]);
    expect(await queuedRuns("deploy/prod/request")).toEqual([]);
  });

  it.each(["deploy/nowhere", "deploy/dev/other", "build", "deploy/"])(
    "that is called %s wakes nobody",
    async (name) => {
      const id = await completedRun(name);
      world.github.pressRerun("acme/shop", id, "alice");
      expect(await world.woken()).toEqual([]);
      expect(await queuedRuns(name)).toEqual([]);
      expect((await lastDelivery())?.statusCode).toBe(200);
    },
  );
});

describe("Approve and Resume", () => {
  const said = async (name: string, external_id: string, identifier: string) => {
    const id = await completedRun(name, external_id);
    world.github.pressAction("acme/shop", id, identifier, "bob");
    const woken = await world.woken();
    const { guid } = (await lastDelivery()) ?? {};
    const ids = (await queuedRuns(name)).map((run) => run.external_id);
    return { woken, guid, ids };
  };

  it.each([
    ["deploy/dev", "owner-1", "approve"],
    ["deploy/dev", "owner-1", "resume"],
    ["deploy/dev", "go-ahead:mallory:click-1:owner-1", "approve"],
    ["deploy/dev/request", "request:move-1:owner-1", "approve"],
  ])("on %s about %s (%s) are written down with the attempt that was read", async (name, about, button) => {
    const { woken, guid, ids } = await said(name, about, button);
    expect(woken).toEqual(["dev"]);
    expect(ids).toContain(`go-ahead:bob:${guid}:owner-1`);
  });

  it.each(["", "held:frozen", "request:move-1"])(
    "on a check run about %j let nothing go on",
    async (about) => {
      const { woken, guid, ids } = await said("deploy/prod", about, "approve");
      expect(woken).toEqual([]);
      expect(ids.filter((id) => id?.includes(String(guid)))).toEqual([]);
    },
  );
});

describe("Re-run of all checks", () => {
  it("asks for those environments that follow the suite's branch", async () => {
    const { data } = await rest.checks.listSuitesForRef({ ...shop, ref: head_sha, app_id: world.app.id });
    const check_suite_id = data.check_suites[0]?.id ?? 0;
    expect(data.check_suites[0]?.head_branch).toBe("dev");
    const before = (await queuedRuns("deploy/dev")).length;
    await world.as(world.users.alice).checks.rerequestSuite({ ...shop, check_suite_id });
    expect(await world.woken()).toEqual(["dev"]);
    const delivery = await lastDelivery();
    const queued = await queuedRuns("deploy/dev");
    expect(queued).toHaveLength(before + 1);
    expect(queued.map(({ external_id }) => external_id)).toContain(`rerun:alice:${delivery?.guid}`);
  });
});

describe("when GitHub does not take the queued check run", () => {
  it("nobody is woken, and the delivery fails, so that it comes again", async () => {
    const id = await completedRun("deploy/staging");
    const path = /check-runs$/;
    world.github.faults.onRequest({ method: "POST", path, effect: { kind: "respond", status: 403 } });
    world.github.pressRerun("acme/shop", id, "alice");
    expect(await world.woken()).toEqual([]);
    const failed = await lastDelivery();
    expect(failed?.statusCode).toBe(503);
    world.github.pressRedeliver(failed?.id ?? 0);
    expect(await world.woken()).toEqual(["staging"]);
    expect(await queuedRuns("deploy/staging")).toMatchObject([
      { external_id: `rerun:alice:${failed?.guid}` },
    ]);
  });

  it("an API that is down does not make GitHub wait longer than it does", async () => {
    const id = await completedRun("deploy/staging");
    const before = (await queuedRuns("deploy/staging")).length;
    const path = /check-runs$/;
    world.github.faults.onRequest({ method: "POST", path, effect: { kind: "drop" }, times: 1000 });
    world.github.pressRerun("acme/shop", id, "alice");
    expect(await world.woken()).toEqual([]);
    expect((await lastDelivery())?.statusCode).toBe(503);
    world.github.faults.clear();
    expect(await queuedRuns("deploy/staging")).toHaveLength(before);
  });
});

describe("a check run of another App", () => {
  it("counts for nothing, though it is called as ours", async () => {
    const shared = {
      action: "rerequested",
      repository: { id: world.repository.id, name: "shop", owner: { login: "acme" } },
      installation: { id: world.installationId },
      sender: { login: "mallory" },
    };
    const app = { id: world.app.id + 1 };
    const run = { ...shared, check_run: { name: "deploy/dev", head_sha, app } };
    const suite = { ...shared, check_suite: { head_branch: "dev", head_sha, app } };
    const written = world.github.requests.length;
    for (const [event, payload] of [
      ["check_run", run],
      ["check_suite", suite],
    ] as const) {
      expect((await deliver(world.web.url, JSON.stringify(payload), { event })).status).toBe(200);
    }
    expect(await world.woken()).toEqual([]);
    expect(world.github.requests.slice(written)).toEqual([]);
  });
});

it("a registry that can't be read fails the delivery: nobody knows whom to wake", async () => {
  const id = await completedRun("deploy/dev");
  await world.breakRegistry();
  world.github.pressRerun("acme/shop", id, "alice");
  await world.github.idle();
  expect((await lastDelivery())?.statusCode).toBe(503);
  expect(await world.woken()).toEqual([]);
});
