import { describe, expect, it } from "vitest";
import { failWith, meanwhile } from "../support/fake-runner.ts";
import { shop, useShop, worker } from "../support/scene.ts";

useShop();

describe("an attempt that stops half-way", () => {
  const openRuns = async (commit: string) =>
    (await shop.checks(commit)).filter(({ status }) => status !== "completed");

  it("leaves nothing open when it was frozen and the branch moved on", async () => {
    const head = await shop.advance("dev");
    const freezeAndMove = async () => {
      await shop.setTag("deploy/dev/frozen", head);
      await shop.advance("dev");
    };
    worker.runner.plays.push(meanwhile(freezeAndMove));
    await worker.reconcile();
    expect(await openRuns(head)).toEqual([]);
    expect(await shop.openDeployments(head, "dev")).toEqual([]);
  });

  it("leaves nothing open when a stranger's tag took the journal", async () => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(meanwhile(() => shop.setTag("deploy/dev/attempt", head)));
    await worker.reconcile();
    expect(await openRuns(head)).toEqual([]);
    expect(await shop.openDeployments(head, "dev")).toEqual([]);
  });

  it.each([
    ["changed the state", "plan-stale"],
    ["took away the providers", "providers-lost"],
  ])("begins anew when somebody else %s meanwhile", async (_, code) => {
    const head = await shop.advance("dev");
    worker.runner.plays.push(failWith({ code, class: "conflict" }));
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/1")).get("Commit")).toBe(head);
    expect(worker.runner.started()).toBe(2);
  });

  it("is not tried for ever when each try takes its worker down", async () => {
    const head = await shop.advance("dev");
    for (let tries = 1; tries <= 3; tries += 1) {
      worker.runner.plays.push(() => Promise.reject(new Error("the worker is gone")));
      await expect(worker.reconcile()).rejects.toThrow("gone");
    }
    await worker.reconcile();
    expect(worker.runner.started()).toBe(3);
    expect((await shop.checks(head, "deploy/dev"))[0]).toMatchObject({ conclusion: "failure" });
    expect((await shop.trailers("deploy/dev/attempt")).get("Failure")).toBe("tried-in-vain");
  });
});
