import { beforeEach, describe, expect, it } from "vitest";
import { requestCheckName } from "../../../promotion/check-name.ts";
import { appWithPolicy } from "../support/commits.ts";
import { failWith, stopWith } from "../support/fake-runner.ts";
import { shop, useShop, worker } from "../support/scene.ts";
import { startTestWorker } from "../support/worker.ts";

let old: string;
let head: string;

useShop();
beforeEach(async () => {
  old = await shop.advance("dev");
  head = await shop.advance("dev");
  await shop.deployed([old, head]);
});

const planned = stopWith({ code: "planned" });
const request = requestCheckName("dev");

/** `git tag -a -f deploy/dev/current <commit> -m look -m "Mode: whatif"`, pushed by alice. */
const ask = async (commit: string, ...paragraphs: readonly string[]) => {
  const messages = ["look", ...paragraphs].flatMap((paragraph) => ["-m", paragraph]);
  const who = ["-c", "user.name=alice", "-c", "user.email=alice@example.com"];
  await shop.git(...who, "tag", "-a", "-f", "asked", commit, ...messages);
  const object = await shop.git("rev-parse", "refs/tags/asked");
  await shop.setTag("asked", undefined);
  await shop.retag("alice", "dev", object);
};

describe("a request only to look", () => {
  it("ends with its plan, and everything is as before", async () => {
    const before = await shop.tags();
    let mode: string | undefined;
    worker.runner.plays.push(async (input, hooks, apply) => {
      mode = input.attempt.mode;
      return await planned(input, hooks, apply);
    });
    await ask(old, "Mode: whatif");
    await worker.reconcile();
    expect(mode).toBe("whatif");
    expect(await shop.tags()).toEqual(before);
    expect(await shop.checks(old, request)).toMatchObject([
      {
        conclusion: "neutral",
        title: "dev: Planned; nothing was deployed",
        summary: expect.stringContaining("one stack planned"),
      },
    ]);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect(await shop.checks(head)).toEqual([]);
  });

  it("leaves no environment that may differ when the plan itself fails", async () => {
    const before = await shop.tags();
    worker.runner.plays.push(async () => ({
      result: "failed",
      failure: { code: "x", source: "user", class: "code", message: "no", next: "Mend." },
      details: "",
    }));
    await ask(old, "Mode: whatif");
    await worker.reconcile();
    expect(await shop.tags()).toEqual(before);
    expect(await shop.checks(old, request)).toMatchObject([{ conclusion: "failure" }]);
    expect(await shop.checks(head)).toEqual([]);
  });

  it("leaves an approval that is waited for where it was", async () => {
    const next = await shop.advance("dev");
    worker.runner.plays.push(stopWith({ code: "approval-needed", waits: ["1".repeat(64)] }), planned);
    await worker.reconcile();
    const waiting = (await shop.tags()).get("deploy/dev/attempt");
    await ask(old, "Mode: whatif");
    await worker.reconcile();
    expect((await shop.tags()).get("deploy/dev/attempt")).toBe(waiting);
    const owner = (await shop.trailers("deploy/dev/attempt")).get("Owner") ?? "";
    await shop.queueGoAhead("alice", { check: "deploy/dev", commit: next, owner });
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/3")).get("Commit")).toBe(next);
  });

  it("is told and taken back by whoever looks next, when its worker died at its end", async () => {
    const before = await shop.tags();
    worker.runner.plays.push(planned);
    let pushes = 0;
    const dying = await startTestWorker(shop, {
      runner: worker.runner,
      git: (git) => ({
        ...git,
        pushRefs: async (updates) => {
          pushes += 1;
          if (pushes > 2) throw new Error("the worker is gone");
          return await git.pushRefs(updates);
        },
      }),
    });
    await ask(old, "Mode: whatif");
    await expect(dying.reconcile()).rejects.toThrow("gone");
    expect((await shop.trailers("deploy/dev/attempt")).get("Failure")).toBe("planned");
    await worker.reconcile();
    expect(await shop.tags()).toEqual(before);
    expect(worker.runner.started()).toBe(1);
  });
});

describe("the options of a request", () => {
  it("that nobody understands are refused, and nothing is deployed", async () => {
    await ask(old, "Mode: wahtif");
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    const [answer] = await shop.checks(old, request);
    expect(answer).toMatchObject({
      conclusion: "failure",
      title: "The tag was put back; nothing was deployed",
    });
    expect(answer?.summary).toContain("`whatif`");
  });

  it("hold for that attempt, and reach the journal", async () => {
    let asked: unknown;
    worker.runner.plays.push(async (input, hooks, apply) => {
      const { mode, force } = input.attempt;
      asked = { mode, force };
      return await failWith()(input, hooks, apply);
    });
    await ask(old, "Mode: incremental", "Force: yes");
    await worker.reconcile();
    expect(asked).toEqual({ mode: "incremental", force: true });
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/3")).get("Commit")).toBe(old);
  });

  it("get around no approval that the policy asks for", async () => {
    const files = appWithPolicy("version: 1\nenvironments: { dev: { mode: incremental } }\n");
    const strict = await shop.advance("dev", { files });
    await worker.reconcile();
    let mode: string | undefined;
    worker.runner.plays.push(async (input, hooks, apply) => {
      mode = input.attempt.mode;
      return await failWith()(input, hooks, apply);
    });
    await ask(strict, "Mode: complete");
    await worker.reconcile();
    expect(mode).toBe("incremental");
  });
});

describe("a policy that only looks", () => {
  it("plans each head once", async () => {
    const files = appWithPolicy("version: 1\nenvironments: { dev: { mode: whatif } }\n");
    const next = await shop.advance("dev", { files });
    worker.runner.plays.push(planned);
    for (let look = 0; look < 3; look += 1) await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
    expect(await shop.checks(next)).toMatchObject([{ conclusion: "neutral" }]);
  });
});
