import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../support/waymark.ts";
import { appWithPolicy } from "../support/commits.ts";
import { broken, failWith } from "../support/fake-runner.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";

let world: World;
let shop: Shop;
let worker: TestWorker;
let later: number[];

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  later = [];
  worker = await startTestWorker(shop, {
    queues: (queues) => ({ ...queues, wakeLater: async (_, delay) => void later.push(delay) }),
  });
});
afterAll(() => world.close());

const deployed = async () => {
  const head = await shop.advance("dev");
  await worker.reconcile();
  return head;
};

describe("a promotion that fails", () => {
  it("moves no tag but the journal, and says what happened, what is still current and what to do", async () => {
    const good = await deployed();
    const before = await shop.tags();
    const bad = await shop.advance("dev");
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    const { "deploy/dev/attempt": journal, ...others } = Object.fromEntries(await shop.tags());
    expect(others).toEqual({
      "deploy/dev/1": before.get("deploy/dev/1"),
      "deploy/dev/current": before.get("deploy/dev/1"),
    });
    expect(Object.fromEntries(await shop.trailers(journal ?? ""))).toMatchObject({
      Result: "failed",
      Commit: bad,
      Failure: "apply-failed",
      Reason: broken.message,
      Next: broken.next,
    });
    const [check] = await shop.checks(bad);
    expect(check).toMatchObject({ name: "deploy/dev", conclusion: "failure" });
    for (const text of [broken.message, "Still current: `deploy/dev/1`", good.slice(0, 8), broken.next]) {
      expect(check?.summary).toContain(text);
    }
    expect((await shop.deploymentStates(bad, "dev"))[0]).toBe("failure");
  });

  it("is not tried again, and its check run keeps saying why", async () => {
    const bad = await shop.advance("dev");
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    for (let look = 0; look < 2; look += 1) await worker.reconcile();
    await (await startTestWorker(shop)).reconcile();
    expect(worker.runner.started()).toBe(1);
    expect(await shop.checks(bad)).toMatchObject([
      { conclusion: "failure", summary: expect.stringContaining(broken.message) },
    ]);
    expect(later).toEqual([]);
  });

  it("is overtaken by the next commit", async () => {
    await shop.advance("dev");
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    const failed = (await shop.tags()).get("deploy/dev/attempt");
    const next = await shop.advance("dev");
    await worker.reconcile();
    expect(worker.runner.applied.at(-1)).toMatchObject({ commit: next, kind: "promotion" });
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(next);
    expect(failed).not.toBe((await shop.tags()).get("deploy/dev/attempt"));
  });

  it("tells the next attempt that it supersedes something", async () => {
    await shop.advance("dev");
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    const failed = (await shop.tags()).get("deploy/dev/attempt");
    await shop.advance("dev");
    let supersedes: string | undefined;
    worker.runner.plays.push(async ({ attempt }) => {
      supersedes = attempt.supersedes;
      return { result: "failed", failure: broken, details: "" };
    });
    await worker.reconcile();
    expect(supersedes).toBe(failed);
  });

  it("leaves the environment to the record again when the branch goes back to it", async () => {
    const good = await deployed();
    await shop.advance("dev");
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    await shop.git("update-ref", "refs/heads/dev", good);
    await worker.reconcile();
    expect(worker.runner.applied.at(-1)).toMatchObject({ commit: good, kind: "redeploy" });
    const tags = await shop.tags();
    expect(tags.get("deploy/dev/attempt")).toBe(tags.get("deploy/dev/2"));
  });
});

describe("rollbackOnFailure", () => {
  const policy = "version: 1\nenvironments:\n  dev: { rollbackOnFailure: true }\n";
  const files = appWithPolicy(policy);

  it("redeploys the last record once, and stays there until the branch moves", async () => {
    const good = await shop.advance("dev", { files });
    await worker.reconcile();
    const bad = await shop.advance("dev", { files });
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit, kind }) => [commit, kind])).toEqual([
      [good, "promotion"],
      [bad, "promotion"],
      [good, "redeploy"],
    ]);
    const record = await shop.trailers("deploy/dev/2");
    expect([record.get("Commit"), record.get("Branch-Head")]).toEqual([good, bad]);
    expect((await shop.checks(bad))[0]).toMatchObject({ conclusion: "failure" });
    await worker.reconcile();
    expect(worker.runner.started()).toBe(3);
  });

  it("stops when going back fails, too", async () => {
    await shop.advance("dev", { files });
    await worker.reconcile();
    await shop.advance("dev", { files });
    worker.runner.plays.push(failWith(), failWith({ message: "and again" }));
    await worker.reconcile();
    await worker.reconcile();
    expect(worker.runner.started()).toBe(3);
    expect((await shop.trailers("deploy/dev/attempt")).get("Reason")).toBe("and again");
  });

  it("has nothing to go back to before the first record", async () => {
    await shop.advance("dev", { files });
    worker.runner.plays.push(failWith());
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
  });
});

describe("a failure that may pass by itself", () => {
  it.each(["transient", "lock"] as const)(
    "is tried three times (%s), by a wake-up of its own each",
    async (kind) => {
      const head = await shop.advance("dev");
      for (let tries = 0; tries < 3; tries += 1) worker.runner.plays.push(failWith({ class: kind }));
      for (let tries = 1; tries <= 2; tries += 1) {
        await worker.reconcile();
        expect(later).toHaveLength(tries);
        expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("open");
        expect((await shop.trailers("deploy/dev/attempt")).get("Tries")).toBe(String(tries));
        const summary = expect.stringContaining(`Try ${tries} failed and is repeated`);
        expect(await shop.checks(head)).toMatchObject([{ status: "in_progress", summary }]);
      }
      await worker.reconcile();
      await worker.reconcile();
      expect(later).toHaveLength(2);
      expect(worker.runner.started()).toBe(3);
      expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("failed");
      expect(await shop.checks(head)).toMatchObject([{ conclusion: "failure" }]);
    },
  );

  it("waits longer before each try", async () => {
    await shop.advance("dev");
    for (let tries = 0; tries < 3; tries += 1) worker.runner.plays.push(failWith({ class: "transient" }));
    for (let tries = 0; tries < 3; tries += 1) await worker.reconcile();
    const [first = 0, second = 0] = later;
    expect(first).toBeGreaterThanOrEqual(5000);
    expect(first).toBeLessThanOrEqual(15_000);
    expect(second).toBeGreaterThanOrEqual(10_000);
    expect(second).toBeLessThanOrEqual(30_000);
  });

  it("is deployed when it passed", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(failWith({ class: "transient" }));
    await worker.reconcile();
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
  });

  it("begins to count again for another commit", async () => {
    await shop.advance("dev");
    worker.runner.plays.push(failWith({ class: "transient" }), failWith({ class: "transient" }));
    await worker.reconcile();
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/attempt")).get("Tries")).toBe("1");
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
  });
});
