import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { shop, useShop, worker } from "../support/scene.ts";

useShop();

const hook = () => path.join(shop.directory, "hooks", "update");

/** A ruleset: the server refuses to move these refs. */
async function protect(pattern: string): Promise<void> {
  const script = `#!/bin/sh\ncase "$1" in\n${pattern}) echo "protected by a ruleset" >&2; exit 1;;\nesac\n`;
  await writeFile(hook(), script, { mode: 0o755 });
}

const refused = { code: "push-refused" };

describe("a ruleset that lets nobody move the journal", () => {
  it("keeps everything from beginning, and the head's check run says what to do", async () => {
    await protect("refs/tags/deploy/*");
    const head = await shop.advance("dev");
    await expect(worker.reconcile()).rejects.toMatchObject(refused);
    expect(worker.runner.started()).toBe(0);
    const checks = await shop.checks(head);
    expect(checks).toMatchObject([{ name: "deploy/dev", conclusion: "failure" }]);
    for (const text of ["deploy/dev/attempt", "bypass the ruleset"])
      expect(checks[0]?.summary).toContain(text);
  });

  it("is said once, and deployed as soon as the way is open", async () => {
    await protect("refs/tags/deploy/*");
    const head = await shop.advance("dev");
    for (let look = 0; look < 2; look += 1) await expect(worker.reconcile()).rejects.toMatchObject(refused);
    expect(await shop.checks(head)).toHaveLength(1);
    await rm(hook());
    await worker.reconcile();
    expect((await shop.checks(head))[0]).toMatchObject({ conclusion: "success" });
    expect(worker.runner.started()).toBe(1);
  });
});

describe("a ruleset that only lets nobody make records", () => {
  beforeEach(() => protect("refs/tags/deploy/dev/[0-9]*"));

  it("fails the attempt instead of applying it again and again", async () => {
    const head = await shop.advance("dev");
    for (let look = 0; look < 3; look += 1) await worker.reconcile().catch(() => undefined);
    expect(worker.runner.started()).toBe(1);
    expect((await shop.trailers("deploy/dev/attempt")).get("Failure")).toBe("push-refused");
    const [check] = await shop.checks(head);
    expect(check).toMatchObject({
      conclusion: "failure",
      summary: expect.stringContaining("bypass the ruleset"),
    });
    expect((await shop.checks(head)).filter(({ status }) => status !== "completed")).toEqual([]);
  });
});

describe("a ruleset that lets nobody move current", () => {
  it("fails a rollback in the journal, once, and says so on the commit that was asked for", async () => {
    const old = await shop.advance("dev");
    await shop.deployed([old, await shop.advance("dev")]);
    await shop.retag("alice", "dev", old);
    await protect("refs/tags/deploy/dev/current");
    for (let look = 0; look < 3; look += 1) await worker.reconcile().catch(() => undefined);
    expect(worker.runner.started()).toBe(1);
    expect((await shop.trailers("deploy/dev/attempt")).get("Failure")).toBe("push-refused");
    expect((await shop.checks(old, "deploy/dev/request"))[0]).toMatchObject({
      conclusion: "failure",
      summary: expect.stringContaining("deploy/dev/current"),
    });
  });
});
