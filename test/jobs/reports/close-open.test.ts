import { describe, expect, it } from "vitest";
import { failWith, type Play, succeed } from "../support/fake-runner.ts";
import { shop, useShop, worker } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

useShop();

/** What the web process notes of a push to dev. */
const notePush = (after: string, before = "0".repeat(40)) =>
  worker.queues.noteEvent(worker.target(), {
    delivery: `push of ${after}`,
    ref: "refs/heads/dev",
    before,
    after,
    sender: "bob",
  });

/** The worker dies once its attempt was told, and tells nobody of its end. */
const die: Play = async (input) => {
  await expect
    .poll(() => shop.checks(input.attempt.commit, "deploy/dev"))
    .toMatchObject([{ status: "in_progress" }]);
  throw new Error("the worker died");
};

describe("commits that were overtaken", () => {
  it("get a skipped check run that names their successor, once", async () => {
    const first = await shop.advance("dev");
    const second = await shop.advance("dev");
    const head = await shop.advance("dev");
    for (const commit of [first, second, head]) await notePush(commit);
    for (let look = 0; look < 2; look += 1) await worker.reconcile();
    for (const commit of [first, second]) {
      expect(await shop.checks(commit)).toMatchObject([
        { name: "deploy/dev", conclusion: "skipped", summary: expect.stringContaining(head.slice(0, 8)) },
      ]);
    }
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
  });

  it("keep what they were told when they were deployed themselves", async () => {
    const first = await shop.advance("dev");
    await notePush(first);
    await worker.reconcile();
    await notePush(await shop.advance("dev"));
    await worker.reconcile();
    await worker.reconcile();
    expect(await shop.checks(first)).toMatchObject([{ conclusion: "success" }]);
  });

  it("are closed when they wait for something that will not come", async () => {
    const frozen = await shop.advance("dev");
    await notePush(frozen);
    await shop.setTag("deploy/dev/frozen", frozen);
    await worker.reconcile();
    await shop.setTag("deploy/dev/frozen", undefined);
    await notePush(await shop.advance("dev"));
    await worker.reconcile();
    expect((await shop.checks(frozen)).filter(({ status }) => status !== "completed")).toEqual([]);
  });

  it("are none as long as the branch was not looked at since: a webhook can be faster than a look", async () => {
    const head = await shop.advance("dev");
    let next: string | undefined;
    const slow = await startTestWorker(shop, {
      queues: (queues) => ({
        ...queues,
        // Read once everything was decided.
        events: async (target) => {
          if (next === undefined) {
            next = await shop.advance("dev");
            await shop.queueRerun("alice", next);
            await notePush(next, head);
          }
          return await queues.events(target);
        },
      }),
    });
    await slow.reconcile();
    expect(await shop.checks(next ?? "")).toMatchObject([{ conclusion: "success" }]);
  });

  it("are closed when the branch was taken back from them and nobody told", async () => {
    const head = await shop.advance("dev");
    const taken = await shop.commit({ parents: [head] });
    await shop.queueRerun("alice", taken);
    await notePush(taken, head);
    await worker.reconcile();
    expect(await shop.checks(taken)).toMatchObject([{ status: "completed", conclusion: "skipped" }]);
  });

  it("are no concern of an environment that follows another branch", async () => {
    const first = await shop.commit({ branches: ["feature"] });
    await worker.queues.noteEvent(worker.target(), {
      delivery: "push of feature",
      ref: "refs/heads/feature",
      before: "0".repeat(40),
      after: first,
      sender: "bob",
    });
    await shop.advance("dev");
    await worker.reconcile();
    expect(await shop.checks(first)).toEqual([]);
  });

  it("do no harm when their branch was deleted or a commit is not there at all", async () => {
    await notePush("0".repeat(40));
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
  });
});

describe("a re-run that is asked for while a look goes on", () => {
  it("is left to the next look", async () => {
    const head = await shop.advance("dev");
    await worker.reconcile();
    let asked = false;
    const slow = await startTestWorker(shop, {
      queues: (queues) => ({
        ...queues,
        // Read once everything was decided.
        events: async (target) => {
          if (!asked) await shop.queueRerun("alice", head);
          asked = true;
          return await queues.events(target);
        },
      }),
    });
    await slow.reconcile();
    expect((await shop.checks(head))[0]).toMatchObject({ status: "queued" });
    await slow.reconcile();
    expect(slow.runner.started()).toBe(1);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
  });
});

describe("the check run of a worker that died", () => {
  it("goes on with the next attempt at the same commit", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(die);
    await expect(worker.reconcile()).rejects.toThrow("died");
    await (await startTestWorker(shop)).reconcile();
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
  });

  it("is closed when the branch moved on meanwhile", async () => {
    const first = await shop.advance("dev");
    worker.runner.plays.push(die);
    await expect(worker.reconcile()).rejects.toThrow("died");
    await shop.advance("dev");
    await (await startTestWorker(shop)).reconcile();
    expect(await shop.checks(first)).toMatchObject([
      { conclusion: "skipped", summary: expect.stringContaining("deploy/dev/1") },
    ]);
  });

  it("is closed when the branch was taken back meanwhile and nobody heard of it", async () => {
    const before = await shop.advance("dev");
    const head = await shop.advance("dev");
    await notePush(head, before);
    worker.runner.plays.push(die);
    await worker.reconcile().catch(() => undefined);
    await shop.git("update-ref", "refs/heads/dev", before);
    await shop.setTag("deploy/dev/frozen", before);
    await worker.reconcile();
    expect((await shop.checks(head)).filter(({ status }) => status !== "completed")).toEqual([]);
  });

  it("is closed through a chain of workers that died", async () => {
    const commits: string[] = [];
    for (let death = 0; death < 3; death += 1) {
      commits.push(await shop.advance("dev"));
      const dying = await startTestWorker(shop);
      dying.runner.plays.push(die);
      await expect(dying.reconcile()).rejects.toThrow("died");
    }
    await shop.advance("dev");
    await worker.reconcile();
    for (const commit of commits)
      expect(await shop.checks(commit)).toMatchObject([{ conclusion: "skipped" }]);
  });

  it("says why the attempt failed when it died between the journal and the check run", async () => {
    const head = await shop.advance("dev");
    const dying = await startTestWorker(shop, {
      git: (git) => ({
        ...git,
        pushRefs: async (updates) => {
          const result = await git.pushRefs(updates);
          if (dying.runner.started() > 0) throw new Error("the worker died");
          return result;
        },
      }),
    });
    dying.runner.plays.push(failWith());
    await expect(dying.reconcile()).rejects.toThrow("died");
    expect(await shop.checks(head)).toMatchObject([{ status: "in_progress" }]);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await shop.checks(head)).toMatchObject([
      { conclusion: "failure", summary: expect.stringContaining("the bucket is on fire") },
    ]);
  });
});

describe("a request that is taken up by a promotion's worker", () => {
  it("closes the promotion's check run", async () => {
    const old = await shop.advance("dev");
    await shop.deployed([old]);
    const head = await shop.advance("dev");
    worker.runner.plays.push(async (input, hooks, apply) => {
      await shop.retag("alice", "dev", old);
      return await succeed(input, hooks, apply);
    });
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/2")).get("Kind")).toBe("redeploy");
    expect((await shop.checks(head)).filter(({ status }) => status !== "completed")).toEqual([]);
  });
});
