import { describe, expect, it } from "vitest";
import { appliedOutcome, failWith, meanwhile, type Play, succeed } from "../support/fake-runner.ts";
import { shop, useShop, worker } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

useShop();

/** Whoever lost the journal leaves the rest to the wake-up that it asks for: here, the second look. */
const reconcileTwice = async () => {
  await worker.reconcile();
  expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("failed");
  await worker.reconcile();
};

/** Something happens between the apply of one tier and the plan of the next. */
const betweenTiers =
  (what: () => Promise<unknown>): Play =>
  async (input, hooks, apply) => {
    await hooks.fence();
    apply();
    await what();
    await hooks.fence();
    apply();
    return appliedOutcome(input);
  };

/** Something happens while the apply runs, behind the last fence. */
const behindTheFence =
  (what: () => Promise<unknown>, end?: Play): Play =>
  async (input, hooks, apply) => {
    await hooks.fence();
    await what();
    apply();
    return end
      ? await end(input, { ...hooks, fence: async () => undefined }, () => undefined)
      : appliedOutcome(input);
  };

const settled = async () => {
  const tags = await shop.tags();
  const current = tags.get("deploy/dev/current");
  return current !== undefined && tags.get("deploy/dev/attempt") === current;
};

describe("between plan and apply", () => {
  it("another worker took the journal: the first applies nothing and leaves the rest to it", async () => {
    const other = await startTestWorker(shop);
    await shop.advance("dev");
    worker.runner.plays.push(meanwhile(() => other.reconcile()));
    await worker.reconcile();
    expect(worker.runner.applied).toEqual([]);
    expect(worker.runner.started()).toBe(1);
    expect(other.runner.applied).toHaveLength(1);
    expect([await settled(), (await shop.tags()).has("deploy/dev/2")]).toEqual([true, false]);
  });

  it("the branch moved: what was planned is applied, then the new head", async () => {
    const first = await shop.advance("dev");
    let second = "";
    worker.runner.plays.push(
      meanwhile(async () => {
        second = await shop.advance("dev");
      }),
    );
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit }) => commit)).toEqual([first, second]);
    expect(await settled()).toBe(true);
  });

  it("somebody moved current: nothing of the promotion is applied, the request is answered first", async () => {
    const old = await shop.advance("dev");
    await worker.reconcile();
    const middle = await shop.advance("dev");
    await worker.reconcile();
    const head = await shop.advance("dev");
    worker.runner.plays.push(meanwhile(() => shop.retag("alice", "dev", old)));
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit, kind }) => [commit, kind])).toEqual([
      [old, "promotion"],
      [middle, "promotion"],
      [old, "rollback"],
    ]);
    expect((await shop.trailers("deploy/dev/3")).get("Branch-Head")).toBe(head);
    expect((await shop.checks(head)).filter(({ status }) => status !== "completed")).toEqual([]);
    expect(await settled()).toBe(true);
  });

  it("it was frozen: nothing is applied, it is held visibly, and goes on when thawed", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(meanwhile(() => shop.setTag("deploy/dev/frozen", head)));
    await worker.reconcile();
    expect(worker.runner.applied).toEqual([]);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "neutral", title: "dev is frozen" });
    await shop.setTag("deploy/dev/frozen", undefined);
    await worker.reconcile();
    expect(worker.runner.applied).toHaveLength(1);
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
    expect(await settled()).toBe(true);
  });
});

describe("between two tiers", () => {
  it("another worker recorded: the first applies no further, and the record is deployed again", async () => {
    const other = await startTestWorker(shop);
    const head = await shop.advance("dev");
    worker.runner.plays.push(betweenTiers(() => other.reconcile()));
    await reconcileTwice();
    expect(other.runner.applied.map(({ kind }) => kind)).toEqual(["promotion"]);
    expect(worker.runner.applied.map(({ kind }) => kind)).toEqual(["promotion", "redeploy"]);
    expect((await shop.trailers("deploy/dev/2")).get("Commit")).toBe(head);
    expect(await settled()).toBe(true);
  });

  it("it was frozen: the rest waits, and all is applied after the thaw", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(betweenTiers(() => shop.setTag("deploy/dev/frozen", head)));
    await worker.reconcile();
    expect(worker.runner.applied).toHaveLength(1);
    expect((await shop.trailers("deploy/dev/attempt")).get("Result")).toBe("open");
    await shop.setTag("deploy/dev/frozen", undefined);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
    expect(await settled()).toBe(true);
  });
});

describe("a late apply", () => {
  it("after the successor recorded is found out, and repaired with the record's own bytes", async () => {
    const other = await startTestWorker(shop);
    const first = await shop.advance("dev");
    let second = "";
    worker.runner.plays.push(
      behindTheFence(async () => {
        second = await shop.advance("dev");
        await other.reconcile();
      }),
    );
    await reconcileTwice();
    expect(other.runner.applied.map(({ commit }) => commit)).toEqual([second]);
    const bundle = (await shop.trailers("deploy/dev/1")).get("Bundle");
    expect(worker.runner.applied).toMatchObject([
      { commit: first, kind: "promotion" },
      { commit: second, kind: "redeploy", bundle },
    ]);
    expect((await shop.trailers("deploy/dev/2")).get("Commit")).toBe(second);
    expect(await settled()).toBe(true);
  });

  it("that failed is repaired, too", async () => {
    const other = await startTestWorker(shop);
    await shop.advance("dev");
    worker.runner.plays.push(behindTheFence(() => other.reconcile(), failWith()));
    await reconcileTwice();
    expect(worker.runner.applied.map(({ kind }) => kind)).toEqual(["promotion", "redeploy"]);
    expect((await shop.trailers("deploy/dev/2")).get("Kind")).toBe("redeploy");
    expect(await settled()).toBe(true);
  });

  it("is journaled, so that any worker repairs it when the late one dies right after", async () => {
    const other = await startTestWorker(shop);
    const head = await shop.advance("dev");
    let pushes = 0;
    const dying = await startTestWorker(shop, {
      git: (git) => ({
        ...git,
        pushRefs: async (updates) => {
          const result = await git.pushRefs(updates);
          pushes += 1;
          // Begin, the stale record, then the journal of the late apply.
          if (pushes === 3) throw new Error("the worker died");
          return result;
        },
      }),
    });
    dying.runner.plays.push(behindTheFence(() => other.reconcile()));
    await expect(dying.reconcile()).rejects.toThrow("died");
    expect(Object.fromEntries(await shop.trailers("deploy/dev/attempt"))).toMatchObject({
      Result: "failed",
      Failure: "applied-late",
      Commit: head,
    });
    await other.reconcile();
    expect(other.runner.applied.map(({ kind }) => kind)).toEqual(["promotion", "redeploy"]);
    expect(await settled()).toBe(true);
  });

  it("whose successor is still at work leaves it alone: it supersedes, and so applies everything", async () => {
    const other = await startTestWorker(shop);
    await shop.advance("dev");
    const begun = gate();
    const lateIsOver = gate();
    let supersedes: string | undefined;
    other.runner.plays.push(async (input, hooks, apply) => {
      supersedes = input.attempt.supersedes;
      begun.open();
      await lateIsOver.opened;
      return await succeed(input, hooks, apply);
    });
    let successor = Promise.resolve();
    worker.runner.plays.push(
      behindTheFence(async () => {
        successor = other.reconcile();
        await begun.opened;
      }),
    );
    await worker.reconcile();
    lateIsOver.open();
    await successor;
    expect(supersedes).toBeDefined();
    expect([worker.runner.started(), other.runner.applied.length]).toEqual([1, 1]);
    expect((await shop.tags()).has("deploy/dev/2")).toBe(false);
    expect(await settled()).toBe(true);
  });

  it("asks for a deep look afterwards: what it reported last may have come after its successor's last word", async () => {
    const other = await startTestWorker(shop);
    await shop.advance("dev");
    worker.runner.plays.push(meanwhile(() => other.reconcile()));
    await worker.reconcile();
    expect(await worker.queues.deepMark(worker.target())).toBeDefined();
  });
});

/** Something that somebody waits for. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe("two workers at once", () => {
  it("never record the same number twice, and end in sync", async () => {
    const other = await startTestWorker(shop);
    const head = await shop.advance("dev");
    await Promise.all([worker.reconcile(), other.reconcile()]);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/current")).get("Commit")).toBe(head);
    expect(await settled()).toBe(true);
    const open = (await shop.checks(head)).filter(({ status }) => status !== "completed");
    expect(open).toEqual([]);
  });
});
