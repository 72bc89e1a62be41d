import { beforeEach, describe, expect, it } from "vitest";
import { app, appWithPolicy } from "../support/commits.ts";
import { shop, useShop, worker, world } from "../support/scene.ts";
import { newSigner } from "../support/signer.ts";
import { startTestWorker } from "../support/worker.ts";

let old: string;

useShop();
beforeEach(async () => {
  old = await shop.advance("dev");
  await shop.deployed([old]);
});

/** Nothing ran, nothing moved, and the only check run of the commit says why. */
async function expectHeld(commit: string, check: Record<string, unknown>): Promise<void> {
  const before = await shop.tags();
  await worker.reconcile();
  expect(worker.runner.started()).toBe(0);
  expect(await shop.tags()).toEqual(before);
  expect(await shop.checks(commit)).toMatchObject([{ name: "deploy/dev", status: "completed", ...check }]);
}

/** A later look deploys the commit. */
async function expectGoesOn(commit: string): Promise<void> {
  await worker.reconcile();
  expect(worker.runner.applied.map((one) => one.commit)).toEqual([commit]);
  expect((await shop.trailers("deploy/dev/current")).get("Commit")).toBe(commit);
  expect((await shop.checks(commit))[0]).toMatchObject({ conclusion: "success" });
}

const written = (from: number) =>
  world.github.requests
    .slice(from)
    .filter(({ method, who }) => method !== "GET" && who.startsWith("installation:"));

describe("a hold", () => {
  it("is said once: looks that find the same write nothing, whoever looks", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen", head);
    await expectHeld(head, { conclusion: "neutral" });
    const from = world.github.requests.length;
    await worker.reconcile("dev", { deep: false });
    expect(world.github.requests.slice(from)).toEqual([]);
    await worker.reconcile();
    await (await startTestWorker(shop)).reconcile();
    expect(written(from)).toEqual([]);
  });

  it("leaves a re-run that it did not look for to the look that does", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen", head);
    await shop.queueRerun("alice", head);
    await worker.reconcile("dev", { deep: false });
    expect((await shop.checks(head)).map(({ status }) => status).sort()).toEqual(["completed", "queued"]);
    await shop.setTag("deploy/dev/frozen", undefined);
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/current")).get("Requested-By")).toBe("alice");
    expect((await shop.checks(head)).map(({ status }) => status)).not.toContain("queued");
  });

  it("is said also by a plain look", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen", head);
    await worker.reconcile("dev", { deep: false });
    expect(await shop.checks(head)).toMatchObject([{ title: "dev is frozen" }]);
  });
});

describe("a frozen environment", () => {
  it("waits, and goes on once thawed", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen", head);
    await expectHeld(head, { conclusion: "neutral", title: "dev is frozen" });
    await shop.setTag("deploy/dev/frozen", undefined);
    await expectGoesOn(head);
  });

  it("is none because of a tag of a similar name", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/frozen-food", head);
    await expectGoesOn(head);
  });
});

describe("a claimed environment", () => {
  it("waits until it is released", async () => {
    const head = await shop.advance("dev");
    await shop.setTag("deploy/dev/claimed", head);
    await expectHeld(head, { conclusion: "neutral", title: "dev is claimed" });
    await shop.setTag("deploy/dev/claimed", undefined);
    await expectGoesOn(head);
  });
});

describe("deploy windows", () => {
  const days = "[mon, tue, wed, thu, fri, sat, sun]";
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  const policy = (from: string, to: string) =>
    appWithPolicy(
      `version: 1\nenvironments: { dev: { windows: [{ days: ${days}, from: "${from}", to: "${to}" }] } }\n`,
    );

  it("hold what comes outside of them", async () => {
    const head = await shop.advance("dev", { files: policy(clock(6), clock(8)) });
    await expectHeld(head, { conclusion: "neutral", title: expect.stringContaining("deploy window") });
  });

  it("let through what comes inside", async () => {
    await expectGoesOn(await shop.advance("dev", { files: policy(clock(-6), clock(6)) }));
  });

  it("let a rollback through at any time", async () => {
    const head = await shop.advance("dev", { files: policy(clock(6), clock(8)) });
    await shop.retag("alice", "dev", old);
    await worker.reconcile();
    expect(Object.fromEntries(await shop.trailers("deploy/dev/2"))).toMatchObject({
      Kind: "redeploy",
      "Branch-Head": head,
    });
  });
});

describe("a policy that does not parse", () => {
  it("holds the head with line and column, until it is corrected", async () => {
    const broken = "version: 1\nenvironments:\n  dev:\n    parallelism: many\n";
    const head = await shop.advance("dev", { files: appWithPolicy(broken) });
    await expectHeld(head, { conclusion: "failure", title: ".github/waymark.yml can't be read" });
    expect((await shop.checks(head))[0]?.summary).toContain("line 4, column 18");
    await expectGoesOn(await shop.advance("dev", { files: appWithPolicy("version: 1\n") }));
  });

  it("does not open windows that were closed, nor lets people in that were not named", async () => {
    const broken = await shop.advance("dev", { files: appWithPolicy("version: 2\n") });
    await shop.retag("bob", "dev", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect((await shop.checks(old, "deploy/dev/request"))[0]).toMatchObject({ conclusion: "failure" });
    expect((await shop.checks(broken, "deploy/dev"))[0]).toMatchObject({ conclusion: "failure" });
  });
});

describe("a branch without an application", () => {
  it("has nothing to deploy yet", async () => {
    const head = await shop.advance("dev", { files: { "README.md": "soon" } });
    await expectHeld(head, { conclusion: "neutral", title: "Nothing to deploy yet" });
    await expectGoesOn(await shop.advance("dev", { files: app() }));
  });

  it("is left alone when it does not exist", async () => {
    await worker.reconcile("prod");
    expect([...(await shop.tags()).keys()].some((tag) => tag.startsWith("deploy/prod"))).toBe(false);
  });
});

describe("a branch that was rewritten", () => {
  it("asks for a re-run, which confirms it", async () => {
    const head = await shop.commit({ branches: ["dev"] });
    await expectHeld(head, { conclusion: "action_required", title: "The branch was rewritten" });
    await shop.queueRerun("alice", head);
    await expectGoesOn(head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(1);
  });

  it("is no rewriting when it goes back to what is deployed", async () => {
    await shop.advance("dev");
    await shop.git("update-ref", "refs/heads/dev", old);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await shop.checks(old)).toEqual([]);
  });
});

describe("a record that an unknown key signed", () => {
  it("holds everything and names the key, until the key is trusted", async () => {
    const stranger = newSigner();
    const head = await shop.advance("dev");
    await shop.deployed([old, old], { signer: stranger });
    await expectHeld(head, { conclusion: "action_required", title: expect.stringContaining("unknown key") });
    expect((await shop.checks(head))[0]?.summary).toContain(stranger.key.fingerprint);
    const trusting = await startTestWorker(shop, { signer: stranger });
    await trusting.reconcile();
    expect((await shop.trailers("deploy/dev/3")).get("Commit")).toBe(head);
  });
});
