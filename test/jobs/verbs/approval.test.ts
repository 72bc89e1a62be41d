import { describe, expect, it } from "vitest";
import { requestCheckName } from "../../../promotion/check-name.ts";
import { appWithPolicy } from "../support/commits.ts";
import { failWith, stopWith } from "../support/fake-runner.ts";
import { shop, useShop, worker, world } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

useShop();

const plan = (digit: string) => digit.repeat(64);
const asks = (digit: string) => stopWith({ code: "approval-needed", waits: [plan(digit)] });
const check = "deploy/dev";

/** A commit whose attempt waits for an approval of plan 1. */
const waiting = async (files?: Record<string, string>) => {
  const head = await shop.advance("dev", files ? { files } : {});
  worker.runner.plays.push(asks("1"));
  await worker.reconcile();
  return head;
};
const journal = async () => Object.fromEntries(await shop.trailers("deploy/dev/attempt"));
const approve = async (by: string, commit: string, owner?: string) =>
  shop.queueGoAhead(by, { check, commit, owner: owner ?? (await journal()).Owner ?? "" });
const openChecks = async (commit: string) =>
  (await shop.checks(commit)).filter(({ status }) => status !== "completed");

describe("an attempt that waits for an approval", () => {
  it("is journaled with the plans that wait, says so, and is not tried again by itself", async () => {
    const head = await waiting();
    for (let look = 0; look < 2; look += 1) await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect(await journal()).toMatchObject({ Result: "failed", Failure: "approval-needed", Waits: plan("1") });
    expect(await shop.checks(head)).toMatchObject([
      { conclusion: "action_required", title: "dev: Waiting for an approval" },
    ]);
    expect((await shop.checks(head))[0]?.summary).toContain("one stack planned");
  });

  it("is no failure: nothing is rolled back", async () => {
    const files = appWithPolicy("version: 1\nenvironments: { dev: { rollbackOnFailure: true } }\n");
    await shop.advance("dev", { files });
    await worker.reconcile();
    await waiting(files);
    await worker.reconcile();
    expect(worker.runner.applied).toHaveLength(1);
  });

  it("is told by whoever looks next, when its worker could not", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(asks("1"));
    const path = /check-runs/;
    world.github.faults.onRequest({
      method: "POST",
      path,
      effect: { kind: "respond", status: 403 },
      times: 9,
    });
    await expect(worker.reconcile()).rejects.toThrow();
    world.github.faults.clear();
    await (await startTestWorker(shop)).reconcile();
    expect(await shop.checks(head)).toMatchObject([{ title: "dev: Waiting for an approval" }]);
  });
});

describe("an approval by somebody who may", () => {
  it("makes the attempt again with that plan approved, and is named in the record", async () => {
    const head = await waiting();
    await approve("alice", head);
    let approved: readonly string[] | undefined;
    worker.runner.plays.push(async (input, hooks, apply) => {
      approved = input.attempt.approved;
      await hooks.fence();
      apply();
      return { result: "applied", bundle: plan("b"), plan: plan("c"), details: "" };
    });
    await worker.reconcile();
    await worker.reconcile();
    expect(approved).toEqual([plan("1")]);
    expect(worker.runner.started()).toBe(2);
    expect((await shop.trailers("deploy/dev/1")).get("Approved-By")).toBe("alice");
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "success",
      summary: expect.stringContaining("approved by @alice"),
    });
    expect(await openChecks(head)).toEqual([]);
  });

  it("is asked for again by a later tier, and adds up", async () => {
    const head = await waiting();
    await approve("alice", head);
    worker.runner.plays.push(asks("2"));
    await worker.reconcile();
    await approve("alice", head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(3);
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
  });

  it("carries out the rollback that waited", async () => {
    const old = await shop.advance("dev");
    const head = await shop.advance("dev");
    await shop.deployed([old, head]);
    worker.runner.plays.push(asks("1"));
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    const tags = await shop.tags();
    expect(tags.get("deploy/dev/current")).toBe(tags.get("deploy/dev/2"));
    const request = requestCheckName("dev");
    expect(await shop.checks(old, request)).toMatchObject([{ conclusion: "action_required" }]);
    await shop.queueGoAhead("alice", { check: request, commit: old, owner: (await journal()).Owner ?? "" });
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/3"))).toMatchObject({
      Kind: "rollback",
      Commit: old,
      "Branch-Head": head,
      "Approved-By": "alice",
    });
    expect(await openChecks(old)).toEqual([]);
  });

  it("waits for a thaw, and can be said again", async () => {
    const head = await waiting();
    await shop.setTag("deploy/dev/frozen", head);
    await approve("alice", head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect((await shop.checks(head))[0]).toMatchObject({ title: "dev is frozen" });
    expect(await openChecks(head)).toEqual([]);
    await shop.setTag("deploy/dev/frozen", undefined);
    await approve("alice", head);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
  });

  it("counts although somebody who may not approved after them", async () => {
    const head = await waiting();
    await approve("alice", head);
    await approve("mallory", head);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Approved-By")).toBe("alice");
    expect(await openChecks(head)).toEqual([]);
  });
});

describe("an approval that does not count", () => {
  it("is refused visibly when the person may not, and the attempt goes on waiting", async () => {
    const head = await waiting();
    await approve("mallory", head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "failure",
      title: "Approving takes more permission",
      summary: expect.stringContaining("@mallory"),
    });
    await approve("alice", head);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Approved-By")).toBe("alice");
  });

  it("is about another attempt than the one that waits", async () => {
    const head = await waiting();
    const first = (await journal()).Owner ?? "";
    await shop.queueRerun("alice", head);
    worker.runner.plays.push(asks("2"));
    await worker.reconcile();
    await approve("alice", head, first);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "skipped", title: "Superseded" });
    expect((await shop.checks(head))[0]?.summary).toContain("Read the newest check run");
    expect(await openChecks(head)).toEqual([]);
  });

  it("comes after the branch moved on", async () => {
    const head = await waiting();
    const owner = (await journal()).Owner ?? "";
    worker.runner.plays.push(failWith());
    await shop.advance("dev");
    await approve("alice", head, owner);
    await worker.queues.noteEvent(worker.target(), {
      delivery: "click",
      ref: "refs/heads/dev",
      before: head,
      after: head,
      sender: "alice",
    });
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit }) => commit)).not.toContain(head);
    expect(await openChecks(head)).toEqual([]);
  });

  it("is looked for by no plain look", async () => {
    const head = await waiting();
    await worker.reconcile("dev", { deep: false });
    await approve("alice", head);
    const from = world.github.requests.length;
    await worker.reconcile("dev", { deep: false });
    expect(world.github.requests.slice(from)).toEqual([]);
  });
});

describe("an attempt that waits for a decision", () => {
  it("goes on when somebody resumes it, as one that a person asked for", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(stopWith({ code: "end-unknown" }));
    await worker.reconcile();
    expect((await shop.checks(head))[0]).toMatchObject({ title: "dev: Waiting for a decision" });
    await approve("alice", head);
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/1"))).toMatchObject({
      "Requested-By": "alice",
    });
  });
});
