import { beforeEach, describe, expect, it } from "vitest";
import { appWithPolicy } from "../support/commits.ts";
import { appliedOutcome, failWith, type Play } from "../support/fake-runner.ts";
import { shop, useShop, worker } from "../support/scene.ts";

const noon = Date.parse("2026-11-21T12:00:00Z");
const minutes = (count: number) => count * 60_000;
const policy = [
  "version: 1",
  "environments:",
  "  dev:",
  "    stacks: { network: { kind: provision } }",
  "    provisioning: { schedule: [{ at: '13:00' }] }",
].join("\n");

let now = noon;
useShop({ now: () => now });
beforeEach(() => {
  now = noon;
});

/** Goes well but for the network, which is not there for the moment. */
const postponing: Play = async (input, hooks) => {
  await hooks.fence();
  return { ...appliedOutcome(input), postponed: ["network"] };
};

const due = async (tag: string) => {
  const trailers = await shop.trailers(tag);
  const keys = ["Kind", "Scope", "Due", "Postponed", "Postponed-Tries", "Postponed-Until"];
  return Object.fromEntries(keys.flatMap((key) => (trailers.has(key) ? [[key, trailers.get(key)]] : [])));
};

describe("a postponed stack", () => {
  it("is told by the record of the deployment that went on without it", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(postponing);
    await worker.reconcile();
    expect(await due("deploy/dev/1")).toEqual({
      Kind: "promotion",
      Postponed: "network",
      "Postponed-Tries": "1",
      "Postponed-Until": "2026-11-21T12:10:00Z",
    });
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "success",
      summary: expect.stringContaining("tried again after 2026-11-21 12:10 UTC"),
    });
  });

  it("is tried again when it is due, later each time, until a record says no more of it", async () => {
    const head = await shop.advance("dev");
    const postponed = { stacks: ["network"], tries: 1, until: noon + minutes(10) };
    await shop.deployed([head], { record: { postponed } });
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);

    now = postponed.until;
    worker.runner.plays.push(postponing);
    await worker.reconcile();
    expect(await due("deploy/dev/2")).toEqual({
      Kind: "redeploy",
      Scope: "postponed",
      Postponed: "network",
      "Postponed-Tries": "2",
      "Postponed-Until": "2026-11-21T12:30:00Z",
    });
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "neutral",
      title: "Provisioning of dev postponed again, recorded as deploy/dev/2",
    });

    now += minutes(20);
    await worker.reconcile();
    expect(await due("deploy/dev/current")).toEqual({ Kind: "redeploy", Scope: "postponed" });
    now += minutes(24 * 60);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
  });
});

describe("provisioning by schedule", () => {
  const scheduled = () => shop.advance("dev", { files: appWithPolicy(policy) });

  it("deploys the same bytes again, and records when it is due next", async () => {
    const head = await scheduled();
    await worker.reconcile();
    expect(await due("deploy/dev/1")).toEqual({ Kind: "promotion", Due: "2026-11-21T13:00:00Z" });
    now += minutes(59);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    now += minutes(1);
    await worker.reconcile();
    expect(await due("deploy/dev/2")).toEqual({
      Kind: "redeploy",
      Scope: "provision",
      Due: "2026-11-22T13:00:00Z",
    });
    const bundle = (await shop.trailers("deploy/dev/1")).get("Bundle");
    expect(worker.runner.applied[1]).toMatchObject({ commit: head, kind: "redeploy", bundle });
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "success",
      title: "Provisioned dev by schedule, recorded as deploy/dev/2",
    });
  });

  it("that fails is not tried again by itself, and stands in the way of no merge", async () => {
    const head = await scheduled();
    await worker.reconcile();
    worker.runner.plays.push(failWith());
    now += minutes(60);
    await worker.reconcile();
    expect((await shop.checks(head))[0]).toMatchObject({
      conclusion: "failure",
      title: "Provisioning dev by schedule failed: the bucket is on fire",
    });
    now += minutes(24 * 60);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
    await scheduled();
    await worker.reconcile();
    expect(await due("deploy/dev/2")).toMatchObject({ Kind: "promotion", Due: "2026-11-23T13:00:00Z" });
  });

  it("that dies with its worker is made good for all stacks: any may have been changed", async () => {
    await scheduled();
    await worker.reconcile();
    worker.runner.plays.push(() => Promise.reject(new Error("the worker is gone")));
    now += minutes(60);
    await expect(worker.reconcile()).rejects.toThrow("gone");
    expect((await shop.trailers("deploy/dev/attempt")).get("Scope")).toBe("provision");
    await worker.reconcile();
    expect(await due("deploy/dev/2")).toEqual({ Kind: "redeploy", Due: "2026-11-22T13:00:00Z" });
  });
});
