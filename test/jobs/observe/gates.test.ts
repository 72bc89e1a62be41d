import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { app } from "../support/commits.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";

let world: World;
let shop: Shop;
let worker: TestWorker;
/** Deployed to dev, and the head of main. */
let base: string;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  worker = await startTestWorker(shop);
  base = await shop.commit({ branches: ["dev", "main"] });
});
afterAll(() => world.close());

/** Nothing that dev has deployed: a commit with the same tree would pass. */
const changed = { files: app({ changed: "yes" }) };

const staging = async () => {
  await worker.reconcile("staging");
  return (await shop.tags()).has("deploy/staging/1");
};
const held = async (commit: string) => (await shop.checks(commit, "deploy/staging"))[0];

describe("staging, which comes after dev", () => {
  it("waits until dev has deployed anything", async () => {
    expect(await staging()).toBe(false);
    expect(await held(base)).toMatchObject({
      conclusion: "neutral",
      title: "Waiting for dev",
      summary: expect.stringContaining("has not deployed anything yet"),
    });
  });

  it("is woken when dev has, and then deploys", async () => {
    await worker.reconcile("dev");
    const waiting = await world.commands.keys(`test-${shop.id}:*`);
    expect(waiting.join()).toContain(`${shop.id}#staging`);
    expect(await staging()).toBe(true);
  });

  it("waits for commits that dev has not deployed, and names them", async () => {
    await shop.deployed([base]);
    const missing = await shop.advance("main", changed);
    expect(await staging()).toBe(false);
    const check = await held(missing);
    expect(check).toMatchObject({ conclusion: "neutral" });
    expect(check?.summary).toContain(missing.slice(0, 8));
  });

  it("deploys a commit that dev deployed before its newest one", async () => {
    const newer = await shop.advance("dev");
    await shop.deployed([base, newer]);
    expect(await staging()).toBe(true);
  });

  it("deploys a merge commit of what dev deployed", async () => {
    const change = await shop.advance("dev", { files: app({ a: "1" }) });
    await shop.deployed([base, change]);
    const merge = await shop.commit({ parents: [base, change], files: app({ a: "1" }), branches: ["main"] });
    expect(await staging()).toBe(true);
    expect((await shop.trailers("deploy/staging/1")).get("Commit")).toBe(merge);
  });

  it("holds a merge commit that brings more than its parents", async () => {
    const change = await shop.advance("dev", { files: app({ a: "1" }) });
    await shop.deployed([base, change]);
    const files = app({ a: "1", backdoor: "open" });
    const evil = await shop.commit({ parents: [base, change], files, branches: ["main"] });
    expect(await staging()).toBe(false);
    const check = await held(evil);
    expect(check?.summary).toContain("merges hold changes that were never deployed");
    expect(check?.summary).toContain(evil.slice(0, 8));
  });

  it("deploys a squash of what dev deployed: another commit with the same tree", async () => {
    const files = app({ a: "1", b: "2" });
    await shop.advance("dev", { files: app({ a: "1" }) });
    const change = await shop.advance("dev", { files });
    await shop.deployed([base, change]);
    await shop.advance("main", { files });
    expect(await staging()).toBe(true);
  });

  it("deploys a squash of something that dev deployed earlier", async () => {
    const files = app({ a: "1" });
    const earlier = await shop.advance("dev", { files });
    const later = await shop.advance("dev", { files: app({ a: "2" }) });
    await shop.deployed([base, earlier, later]);
    await shop.advance("main", { files });
    expect(await staging()).toBe(true);
  });

  it("holds a squash that changes anything", async () => {
    const change = await shop.advance("dev", { files: app({ a: "1" }) });
    await shop.deployed([base, change]);
    await shop.advance("main", { files: app({ a: "1 " }) });
    expect(await staging()).toBe(false);
  });

  it("does not take a tree for deployed that only a forged record names", async () => {
    await shop.deployed([base]);
    const forged = await shop.advance("main", { files: app({ a: "1" }) });
    await shop.setTag("deploy/dev/2", forged);
    expect(await staging()).toBe(false);
  });

  it("lets a maintainer roll back to what staging ran, whatever dev has", async () => {
    await shop.deployed([base]);
    await worker.reconcile("staging");
    const next = await shop.commit({ parents: [base], branches: ["dev", "main"] });
    await worker.reconcile("dev");
    await worker.reconcile("staging");
    await shop.retag("alice", "staging", base);
    await worker.reconcile("staging");
    expect(Object.fromEntries(await shop.trailers("deploy/staging/3"))).toMatchObject({
      Kind: "rollback",
      Commit: base,
      "Branch-Head": next,
    });
  });

  it("refuses a request for a commit of its branch that has not passed dev", async () => {
    await shop.deployed([base]);
    await worker.reconcile("staging");
    const skipped = await shop.advance("main", changed);
    await shop.advance("main", changed);
    await shop.retag("alice", "staging", skipped);
    await worker.reconcile("staging");
    expect((await shop.checks(skipped, "deploy/staging/request"))[0]).toMatchObject({
      conclusion: "failure",
    });
    expect((await shop.trailers("deploy/staging/current")).get("Commit")).toBe(base);
  });

  it("does not deploy a re-run that has not passed dev", async () => {
    await shop.deployed([base]);
    const head = await shop.advance("main", changed);
    await shop.queueRerun("alice", head, { environment: "staging" });
    expect(await staging()).toBe(false);
    expect(await held(head)).toMatchObject({ conclusion: "neutral", title: "Waiting for dev" });
  });
});
