import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCheckRun } from "../../../adapters/github/check-runs.ts";
import { startWorld, type World } from "../../support/waymark.ts";
import { broken, failWith } from "../support/fake-runner.ts";
import type { Shop } from "../support/shop.ts";
import type { TestWorker } from "../support/worker.ts";
import {
  expectSettledAt,
  newestDelivery,
  type RequestScene,
  requestChecks,
  setRequestScene,
} from "./request-scene.ts";

let world: World;
let shop: Shop;
let worker: TestWorker;
let old: string;
let head: string;
let patience: RequestScene["patience"];

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  ({ shop, worker, old, head, patience } = await setRequestScene(world));
});
afterAll(() => world.close());

const settledAt = (number: number) => expectSettledAt(shop, number);
const request = (commit: string) => requestChecks(shop, commit);

describe("a request that is refused", () => {
  const expectRefused = async (commit: string, why: string) => {
    await worker.reconcile();
    await settledAt(2);
    expect(worker.runner.started()).toBe(0);
    expect((await request(commit))[0]).toMatchObject({
      conclusion: "failure",
      title: expect.stringContaining("put back"),
      summary: expect.stringContaining(why),
    });
  };

  it("was made by somebody who may only write", async () => {
    await shop.retag("mallory", "dev", old);
    await expectRefused(old, "@mallory moved");
    expect((await request(old))[0]?.summary).toContain("permission to maintain");
  });

  it("was made by somebody who is no maintainer any more", async () => {
    await shop.retag("alice", "dev", old);
    world.github.setRole(shop.fullName, "alice", "write");
    await world.github.idle();
    await worker.reconcile();
    await settledAt(2);
    world.github.setRole(shop.fullName, "alice", "maintain");
    expect((await request(old))[0]).toMatchObject({ conclusion: "failure" });
  });

  it("names no commit", async () => {
    await shop.retag("alice", "dev", await shop.git("rev-parse", `${old}^{tree}`));
    await expectRefused(head, "does not lead to a commit");
  });

  it("names a commit that was never deployed and is not on the branch", async () => {
    const stray = await shop.commit({ parents: [old], branches: ["stray"] });
    await shop.retag("alice", "dev", stray);
    await expectRefused(stray, "never deployed");
  });

  it("is answered once: the same event asks for nothing any more, a new one does", async () => {
    await shop.retag("mallory", "dev", old);
    await worker.reconcile();
    await shop.setTag("deploy/dev/current", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await request(old)).toHaveLength(1);
    expect((await shop.tags()).get("deploy/dev/current")).toBe(old);
    await shop.setTag("deploy/dev/current", (await shop.tags()).get("deploy/dev/2"));
    patience.waited = 59;
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    await settledAt(3);
    // Whoever moves it there next is waited for anew.
    expect(patience.waited).toBe(0);
  });
});

describe("an author who is not known yet", () => {
  beforeEach(async () => {
    world.github.faults.onDelivery({ event: "push", effect: "drop" });
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
  });

  it("is waited for, with a wake-up of its own and without a word", async () => {
    expect(worker.runner.started()).toBe(0);
    expect((await shop.tags()).get("deploy/dev/current")).toBe(old);
    expect(patience.later).toEqual([3000]);
    expect(await request(old)).toEqual([]);
  });

  it("is found in GitHub's log as soon as it is there", async () => {
    await shop.setTag("deploy/dev/current", (await shop.tags()).get("deploy/dev/2"));
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    await settledAt(3);
  });

  it("is given up after a minute: the tag is put back, with the way to ask again", async () => {
    patience.waited = 61;
    await worker.reconcile();
    await settledAt(2);
    expect(worker.runner.started()).toBe(0);
    expect(await request(old)).toMatchObject([
      { conclusion: "failure", summary: expect.stringContaining("git tag -a -f") },
    ]);
  });

  it("is waited for anew when the same is put there again", async () => {
    patience.waited = 61;
    await worker.reconcile();
    await settledAt(2);
    await shop.setTag("deploy/dev/current", old);
    await worker.reconcile();
    expect((await shop.tags()).get("deploy/dev/current")).toBe(old);
    expect(patience.later).toEqual([3000, 3000]);
  });
});

describe("an event", () => {
  it("that was served asks for nothing again when somebody puts its tag back by stealth", async () => {
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    const next = await shop.advance("dev");
    await worker.reconcile();
    await shop.setTag("deploy/dev/current", old);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/4")).get("Commit")).toBe(next);
    expect((await shop.tags()).has("deploy/dev/5")).toBe(false);
    patience.waited = 61;
    await worker.reconcile();
    await settledAt(4);
  });

  it("that a record names asks for nothing again, whatever check runs say", async () => {
    const event = { delivery: "served", ref: "refs/tags/deploy/dev/current", before: head, after: old };
    await shop.deployed([old, head], { record: { event: event.delivery } });
    await worker.queues.noteEvent(worker.target(), { ...event, sender: "alice" });
    await shop.setTag("deploy/dev/current", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(patience.later).toEqual([3000]);
  });

  it("counts as answered only by Waymark's own check runs", async () => {
    await shop.retag("alice", "dev", old);
    const event = newestDelivery(world) ?? "";
    const client = world.otherApp(`stranger-${shop.id}`, shop.fullName);
    const github = { ...worker.session().github, client };
    await createCheckRun(github, worker.services.appId, {
      name: "deploy/dev/request",
      commit: old,
      externalId: `request:${event}`,
      conclusion: "success",
      output: { title: "done", summary: "done" },
    });
    await worker.reconcile();
    await settledAt(3);
  });
});

describe("a rollback that fails", () => {
  it("puts current back in the same push, says why, and is not tried again", async () => {
    await shop.retag("alice", "dev", old);
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    const tags = await shop.tags();
    expect(tags.get("deploy/dev/current")).toBe(tags.get("deploy/dev/2"));
    expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("failed");
    expect(await request(old)).toMatchObject([
      { conclusion: "failure", summary: expect.stringContaining(broken.message) },
    ]);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
  });

  it("does not keep a later merge from going forward", async () => {
    await shop.retag("alice", "dev", old);
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    const next = await shop.advance("dev");
    await worker.reconcile();
    await settledAt(3);
    expect((await shop.trailers("deploy/dev/3")).get("Commit")).toBe(next);
  });

  it("may be asked for again by a fresh move", async () => {
    await shop.retag("alice", "dev", old);
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    await settledAt(3);
    expect((await shop.trailers("deploy/dev/3")).get("Kind")).toBe("rollback");
  });
});

describe("a move back to where somebody who may had moved current before", () => {
  it("is not made in their name: nobody knows yet whose it is", async () => {
    await shop.retag("alice", "dev", old);
    await shop.retag("bob", "dev", head);
    await shop.setTag("deploy/dev/current", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(patience.later).toEqual([3000]);
    patience.waited = 61;
    await worker.reconcile();
    await settledAt(2);
    expect(worker.runner.started()).toBe(0);
  });
});

describe("Waymark's own move of current", () => {
  it("does not make a later one of somebody unknown Waymark's own: it waits, and then says so", async () => {
    const first = (await shop.tags()).get("deploy/dev/1") ?? "";
    await worker.queues.noteEvent(worker.target(), {
      delivery: "own-move",
      ref: "refs/tags/deploy/dev/current",
      before: "0".repeat(40),
      after: first,
      sender: world.app.botLogin,
    });
    await shop.setTag("deploy/dev/current", first);
    await worker.reconcile();
    expect((await shop.tags()).get("deploy/dev/current")).toBe(first);
    patience.waited = 61;
    await worker.reconcile();
    await settledAt(2);
    expect(worker.runner.started()).toBe(0);
    expect(await request(old)).toMatchObject([{ conclusion: "failure" }]);
  });
});
