import { describe, expect, it } from "vitest";
import { appWithPolicy } from "../support/commits.ts";
import { failWith } from "../support/fake-runner.ts";
import { shop, useShop, worker, world } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

useShop();

const failed = async (files?: Record<string, string>) => {
  const head = await shop.advance("dev", files ? { files } : {});
  worker.runner.plays.push(failWith());
  await worker.reconcile();
  return head;
};
const openChecks = async (commit: string) =>
  (await shop.checks(commit)).filter(({ status }) => status !== "completed");

describe("a re-run of a commit that failed", () => {
  it("by a maintainer deploys it, once, and says who asked", async () => {
    const head = await failed();
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
    expect(Object.fromEntries(await shop.trailers("deploy/dev/1"))).toMatchObject({
      Kind: "promotion",
      Commit: head,
      "Requested-By": "alice",
    });
    expect((await shop.checks(head)).map(({ conclusion }) => conclusion)).toEqual(["success", "failure"]);
  });

  it("that fails again waits for the next one", async () => {
    const head = await failed();
    await shop.queueRerun("alice", head);
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
  });

  it("survives a worker that dies before it begins", async () => {
    const head = await failed();
    await shop.queueRerun("alice", head);
    await (await startTestWorker(shop)).reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Requested-By")).toBe("alice");
  });

  it("by somebody who is named in the policy is obeyed", async () => {
    const policy = "version: 1\nenvironments: { dev: { people: [bob] } }\n";
    const head = await failed(appWithPolicy(policy));
    await shop.queueRerun("bob", head);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Requested-By")).toBe("bob");
  });

  it("by somebody who may not is refused, and says what it takes", async () => {
    const head = await failed();
    await shop.queueRerun("mallory", head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "failure",
      title: "Re-running takes more permission",
      summary: expect.stringContaining("@mallory"),
    });
    expect(await openChecks(head)).toEqual([]);
  });

  it("is not asked for by another App's queued check run", async () => {
    const head = await failed();
    const client = world.otherApp(`stranger-${shop.id}`, shop.fullName);
    await shop.queueRerun("alice", head, { client });
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
  });
});

describe("a re-run of a commit that is deployed", () => {
  it("deploys it again", async () => {
    const head = await shop.advance("dev");
    await worker.reconcile();
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit, kind }) => [commit, kind])).toEqual([
      [head, "promotion"],
      [head, "promotion"],
    ]);
    expect((await shop.tags()).has("deploy/dev/3")).toBe(false);
  });

  it("undoes the hold of a rollback", async () => {
    const old = await shop.advance("dev");
    const head = await shop.advance("dev");
    await shop.deployed([old, head]);
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/4"))).toMatchObject({
      Commit: head,
      Kind: "promotion",
    });
    expect(await openChecks(head)).toEqual([]);
  });
});

describe("a re-run of a commit that is no head any more", () => {
  it("is closed without an attempt, naming the head", async () => {
    const old = await shop.advance("dev");
    const head = await shop.advance("dev");
    await shop.deployed([old, head]);
    await shop.queueRerun("alice", old);
    await worker.queues.noteEvent(worker.target(), {
      delivery: "push-of-old",
      ref: "refs/heads/dev",
      before: "0".repeat(40),
      after: old,
      sender: "bob",
    });
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await shop.checks(old)).toMatchObject([
      { conclusion: "skipped", summary: expect.stringContaining(head.slice(0, 8)) },
    ]);
  });
});

describe("a re-run that can't be carried out now", () => {
  it("says why", async () => {
    const head = await failed();
    await shop.setTag("deploy/dev/frozen", head);
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "neutral", title: "dev is frozen" });
    expect(await openChecks(head)).toEqual([]);
  });
});

describe("a re-run of a commit that was told already why it is held", () => {
  it("is told so again", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen", head);
    await worker.reconcile();
    await shop.queueRerun("alice", head);
    await worker.reconcile();
    expect((await shop.checks(head)).map(({ title }) => title)).not.toContain("Waiting to run again");
    expect(await openChecks(head)).toEqual([]);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "neutral", title: "dev is frozen" });
  });
});

describe("a plain look", () => {
  it("asks nobody about re-runs", async () => {
    const head = await shop.advance("dev");
    await shop.deployed([head]);
    await shop.queueRerun("alice", head);
    const from = world.github.requests.length;
    await worker.reconcile("dev", { deep: false });
    expect(world.github.requests.slice(from)).toEqual([]);
    expect(worker.runner.started()).toBe(0);
  });
});
