import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { appWithPolicy } from "../support/commits.ts";
import type { Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";
import { expectSettledAt, newestDelivery, requestChecks, setRequestScene } from "./request-scene.ts";

let world: World;
let shop: Shop;
let worker: TestWorker;
let old: string;
let head: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  ({ shop, worker, old, head } = await setRequestScene(world));
});
afterAll(() => world.close());

const number = async () => Number((await shop.trailers("deploy/dev/current")).get("Deployment"));
const settledAt = (number: number) => expectSettledAt(shop, number);
const request = (commit: string) => requestChecks(shop, commit);
const branch = (commit: string) => shop.checks(commit, "deploy/dev");

describe("a maintainer who moves current to an older deployed commit", () => {
  it("gets a rollback with the very bytes that ran before, which says who asked and by which event", async () => {
    await shop.retag("alice", "dev", old);
    const event = newestDelivery(world);
    await worker.reconcile();
    const bundle = (await shop.trailers("deploy/dev/1")).get("Bundle");
    expect(worker.runner.applied.at(-1)).toEqual({
      environment: "dev",
      commit: old,
      kind: "rollback",
      bundle,
    });
    await settledAt(3);
    expect(Object.fromEntries(await shop.trailers("deploy/dev/3"))).toMatchObject({
      Kind: "rollback",
      Commit: old,
      "Branch-Head": head,
      "Requested-By": "alice",
      Event: event,
    });
    expect(await request(old)).toMatchObject([
      {
        conclusion: "success",
        externalId: expect.stringMatching(`^request:${event}:`),
        summary: expect.stringContaining("@alice"),
      },
    ]);
    expect((await branch(head))[0]).toMatchObject({
      conclusion: "neutral",
      title: expect.stringContaining("Held by rollback"),
    });
  });

  it("makes the worker read the whole history once", async () => {
    const asked: string[] = [];
    const counting = await startTestWorker(shop, {
      git: (git) => ({
        ...git,
        fetchRefs: (patterns) => {
          asked.push(...patterns);
          return git.fetchRefs(patterns);
        },
      }),
    });
    await counting.reconcile();
    await shop.retag("alice", "dev", old);
    await counting.reconcile();
    await settledAt(3);
    expect(asked.filter((pattern) => pattern === "refs/tags/deploy/dev/9*")).toHaveLength(1);
  });

  it("keeps it until the branch moves on", async () => {
    await shop.retag("alice", "dev", old);
    for (let look = 0; look < 3; look += 1) await worker.reconcile();
    await settledAt(3);
    const next = await shop.advance("dev");
    await worker.reconcile();
    await settledAt(4);
    expect((await shop.trailers("deploy/dev/4")).get("Commit")).toBe(next);
  });

  it("may use an annotated tag, a tag of a tag, or the older record itself", async () => {
    const { data } = await world.as.alice.git.createTag({
      owner: "acme",
      repo: shop.fullName.split("/")[1] ?? "",
      tag: "deploy/dev/current",
      message: "back",
      object: old,
      type: "commit",
    });
    await shop.retag("alice", "dev", data.sha);
    await worker.reconcile();
    await settledAt(3);
    await shop.retag("alice", "dev", (await shop.tags()).get("deploy/dev/2") ?? "");
    await worker.reconcile();
    await settledAt(4);
    expect((await shop.trailers("deploy/dev/4")).get("Commit")).toBe(head);
  });

  it("is served also when the webhook told first and GitHub's log has not got it", async () => {
    world.github.faults.onDelivery({ event: "push", effect: "drop" });
    await shop.retag("alice", "dev", old);
    await worker.queues.noteEvent(worker.target(), {
      delivery: "told-by-webhook",
      ref: "refs/tags/deploy/dev/current",
      before: "0".repeat(40),
      after: old,
      sender: "alice",
    });
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/3")).get("Event")).toBe("told-by-webhook");
  });

  it("may roll forward to a commit of the branch that was never deployed", async () => {
    await shop.advance("dev");
    const skipped = await shop.git("rev-parse", "refs/heads/dev");
    const newest = await shop.advance("dev");
    await shop.retag("alice", "dev", skipped);
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/3"))).toMatchObject({
      Commit: skipped,
      "Branch-Head": newest,
      Kind: "rollback",
    });
  });

  it("gets a redeploy when it is a fresh tag of what is deployed", async () => {
    await shop.retag("alice", "dev", head);
    await worker.reconcile();
    await settledAt(3);
    expect((await shop.trailers("deploy/dev/3")).get("Kind")).toBe("redeploy");
    expect(await request(head)).toMatchObject([{ conclusion: "success" }]);
  });

  it("is obeyed although the policy on the branch does not parse", async () => {
    await shop.advance("dev", { files: appWithPolicy("version: 1\nenvironments: [") });
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    expect(await number()).toBe(3);
    expect((await shop.trailers("deploy/dev/3")).get("Kind")).toBe("rollback");
  });

  it("waits while it is frozen, visibly, and is obeyed after the thaw", async () => {
    await shop.setTag("deploy/dev/frozen", head);
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await request(old)).toMatchObject([{ conclusion: "neutral", title: "dev is frozen" }]);
    await shop.setTag("deploy/dev/frozen", undefined);
    await worker.reconcile();
    await settledAt(3);
    expect((await request(old))[0]).toMatchObject({ conclusion: "success" });
  });
});

describe("somebody named in the policy", () => {
  it("may ask although no maintainer", async () => {
    const policy = "version: 1\nenvironments: { dev: { people: [Bob] } }\n";
    await shop.advance("dev", { files: appWithPolicy(policy) });
    await worker.reconcile();
    await shop.retag("bob", "dev", old);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/current")).get("Requested-By")).toBe("bob");
  });
});
