import { beforeEach, describe, expect, it } from "vitest";
import { taggerEmail } from "../../../adapters/git/tags.ts";
import { allowedSigner } from "../../../adapters/signing/keys.ts";
import { verifySettings } from "../../adapters/signing/openssh.ts";
import { runGit } from "../../support/git.ts";
import { shop, useShop, worker, world } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

useShop();

describe("a branch with its first commit", () => {
  it("is applied once, recorded once and told everywhere", async () => {
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect(worker.runner.applied).toEqual([
      { environment: "dev", commit: head, kind: "promotion", bundle: undefined },
    ]);
    const tags = await shop.tags();
    expect([...tags.keys()].sort()).toEqual(["deploy/dev/1", "deploy/dev/attempt", "deploy/dev/current"]);
    expect(new Set(tags.values()).size).toBe(1);
    expect(await shop.checks(head)).toMatchObject([
      {
        name: "deploy/dev",
        status: "completed",
        conclusion: "success",
        title: expect.stringContaining("deploy/dev/1"),
      },
    ]);
    expect(await shop.deploymentStates(head, "dev")).toEqual(["success", "in_progress"]);
    expect(worker.runner.tidied()).toBe(1);
  });

  it("is in the record's trailers, signed so that git verifies it", async () => {
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/1"))).toEqual({
      Repository: String(shop.id),
      Environment: "dev",
      Deployment: "1",
      Commit: head,
      Branch: "dev",
      "Branch-Head": head,
      Kind: "promotion",
      Bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
      Plan: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await shop.git("rev-parse", "deploy/dev/1^{commit}")).toBe(head);
    const trusting = await verifySettings([allowedSigner(taggerEmail, world.signer.key)]);
    await expect(shop.git(...trusting, "verify-tag", "deploy/dev/1")).resolves.toBeDefined();
  });

  it("is journaled as open, signed, before anything runs, and before the check run", async () => {
    const head = await shop.advance("dev");
    let journal = new Map<string, string>();
    let records = 0;
    worker.runner.plays.push(async (_, hooks) => {
      const tags = await shop.tags();
      records = [...tags.keys()].filter((tag) => /[0-9]$/.test(tag)).length;
      journal = new Map(await shop.trailers("deploy/dev/attempt"));
      await hooks.fence();
      return { result: "applied", bundle: "b", plan: "p", details: "" };
    });
    await worker.reconcile();
    expect(Object.fromEntries(journal)).toEqual({
      Repository: String(shop.id),
      Environment: "dev",
      Commit: head,
      Kind: "promotion",
      Head: head,
      "Branch-Head": head,
      Mode: "complete",
      Owner: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Tries: "1",
      Result: "open",
    });
    expect(records).toBe(0);
  });

  it("is told to be under way while it runs", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(async (_, hooks) => {
      await expect.poll(() => shop.checks(head, "deploy/dev")).toMatchObject([{ status: "in_progress" }]);
      await expect.poll(() => shop.deploymentStates(head, "dev")).toEqual(["in_progress"]);
      await hooks.fence();
      return { result: "applied", bundle: "b", plan: "p", details: "" };
    });
    await worker.reconcile();
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "success" }]);
  });
});

describe("an environment in sync", () => {
  it("is left alone: no ref moves, nothing runs, nothing is written on GitHub", async () => {
    await shop.advance("dev");
    await worker.reconcile();
    const before = await shop.tags();
    const requests = world.github.requests.length;
    await worker.reconcile("dev", { deep: false });
    await worker.reconcile("dev", { deep: true });
    expect(await shop.tags()).toEqual(before);
    expect(worker.runner.started()).toBe(1);
    const written = world.github.requests.slice(requests).filter(({ method }) => method !== "GET");
    expect(written).toEqual([]);
  });

  it("costs a plain look no request at all", async () => {
    await shop.advance("dev");
    await worker.reconcile();
    const requests = world.github.requests.length;
    await worker.reconcile("dev", { deep: false });
    expect(world.github.requests.slice(requests)).toEqual([]);
  });

  it("deploys the next commit as the next record, which names the one before", async () => {
    await shop.advance("dev");
    await worker.reconcile();
    const first = (await shop.tags()).get("deploy/dev/1");
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect(await shop.trailers("deploy/dev/2")).toEqual(
      new Map([...(await shop.trailers("deploy/dev/current"))]),
    );
    expect((await shop.trailers("deploy/dev/2")).get("Previous")).toBe(first);
    expect((await shop.tags()).get("deploy/dev/1")).toBe(first);
    expect(worker.runner.applied.map(({ commit }) => commit)).toContain(head);
  });

  it("deploys only the newest of several commits", async () => {
    await shop.advance("dev");
    const skipped = await shop.advance("dev");
    const head = await shop.advance("dev");
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit }) => commit)).toEqual([head]);
    expect(await shop.checks(skipped)).toEqual([]);
  });
});

describe("what somebody did to Waymark's own tags", () => {
  beforeEach(async () => {
    await shop.advance("dev");
    await worker.reconcile();
  });

  const settled = async () => {
    const tags = await shop.tags();
    return [tags.get("deploy/dev/current"), tags.get("deploy/dev/attempt"), tags.get("deploy/dev/1")];
  };

  it("is undone without an apply: the record was deleted", async () => {
    const before = await settled();
    await shop.setTag("deploy/dev/1", undefined);
    await worker.reconcile();
    expect(await settled()).toEqual(before);
    expect(worker.runner.started()).toBe(1);
  });

  it("is undone without an apply: the record was moved", async () => {
    const before = await settled();
    await shop.setTag("deploy/dev/1", await shop.advance("dev2"));
    await worker.reconcile();
    expect(await settled()).toEqual(before);
    expect(worker.runner.started()).toBe(1);
  });

  it("is undone without an apply: current was deleted", async () => {
    const before = await settled();
    await shop.setTag("deploy/dev/current", undefined);
    await worker.reconcile();
    expect(await settled()).toEqual(before);
    expect(worker.runner.started()).toBe(1);
  });

  it.each(["deleted", "replaced"])(
    "is repaired by a redeploy of the same sealed bytes: attempt was %s",
    async (how) => {
      const commit = worker.runner.applied[0]?.commit ?? "";
      await shop.setTag("deploy/dev/attempt", how === "deleted" ? undefined : commit);
      await worker.reconcile();
      const bundle = (await shop.trailers("deploy/dev/1")).get("Bundle");
      expect(worker.runner.applied[1]).toEqual({ environment: "dev", commit, kind: "redeploy", bundle });
      expect((await shop.trailers("deploy/dev/2")).get("Kind")).toBe("redeploy");
      const tags = await shop.tags();
      expect(tags.get("deploy/dev/attempt")).toBe(tags.get("deploy/dev/2"));
    },
  );
});

describe("numbers that foreign tags hold", () => {
  it("are skipped, and the tags stay as they are", async () => {
    const foreign = await shop.commit({ branches: ["other"] });
    for (const number of [1, 2]) await shop.setTag(`deploy/dev/${number}`, foreign);
    await shop.advance("dev");
    await worker.reconcile();
    const tags = await shop.tags();
    expect([tags.get("deploy/dev/1"), tags.get("deploy/dev/2")]).toEqual([foreign, foreign]);
    expect((await shop.trailers("deploy/dev/3")).get("Deployment")).toBe("3");
    expect(tags.get("deploy/dev/current")).toBe(tags.get("deploy/dev/3"));
    expect(tags.get("deploy/dev/attempt")).toBe(tags.get("deploy/dev/3"));
    expect(worker.runner.applied).toHaveLength(1);
  });

  it("are skipped however many there are", async () => {
    const foreign = await shop.commit({ branches: ["other"] });
    const lines = Array.from({ length: 150 }, (_, n) => `create refs/tags/deploy/dev/${n + 1} ${foreign}`);
    await runGit(shop.directory, ["update-ref", "--stdin"], { input: `${lines.join("\n")}\n` });
    await shop.advance("dev");
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/current")).get("Deployment")).toBe("151");
    expect(worker.runner.started()).toBe(1);
  });

  it("fail the attempt when each is taken right before it is used", async () => {
    const foreign = await shop.commit({ branches: ["other"] });
    const head = await shop.advance("dev");
    const racing = await startTestWorker(shop, {
      git: (git) => ({
        ...git,
        pushRefs: async (updates) => {
          const [numbered] = updates.filter(({ ref }) => /[0-9]$/.test(ref));
          if (numbered) await shop.git("update-ref", numbered.ref, foreign);
          return await git.pushRefs(updates);
        },
      }),
    });
    await racing.reconcile();
    expect((await shop.trailers("deploy/dev/attempt")).get("Failure")).toBe("numbers-taken");
    expect(await shop.checks(head)).toMatchObject([{ conclusion: "failure" }]);
    expect(racing.runner.started()).toBe(1);
  });

  it("are skipped also when they are taken while the apply runs", async () => {
    const foreign = await shop.commit({ branches: ["other"] });
    await shop.advance("dev");
    worker.runner.plays.push(async (input, hooks) => {
      await hooks.fence();
      await shop.setTag("deploy/dev/1", foreign);
      return { result: "applied", bundle: input.attempt.commit, plan: "p", details: "" };
    });
    await worker.reconcile();
    const tags = await shop.tags();
    expect(tags.get("deploy/dev/1")).toBe(foreign);
    expect(tags.get("deploy/dev/current")).toBe(tags.get("deploy/dev/2"));
    expect(worker.runner.started()).toBe(1);
  });
});
