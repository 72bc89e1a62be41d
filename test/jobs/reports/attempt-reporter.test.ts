import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type AttemptReporter, reportAttempt } from "../../../jobs/reports/attempt-reporter.ts";
import type { Attempt } from "../../../promotion/attempt.ts";
import type { Report } from "../../../promotion/report/report.ts";
import { silentLog, startWorld, type World } from "../../support/waymark.ts";
import { createShop, type Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker } from "../support/worker.ts";

let world: World;
let shop: Shop;
let worker: TestWorker;
let attempt: Attempt;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  shop = await createShop(world);
  worker = await startTestWorker(shop);
  const commit = await shop.advance("dev");
  attempt = {
    repository: shop.id,
    environment: "dev",
    commit,
    kind: "promotion",
    head: commit,
    owner: "an-owner",
    tries: 1,
    result: "open",
  };
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
  world.github.faults.clear();
});
afterAll(() => world.close());

const start = (): AttemptReporter => {
  const board = { repository: worker.session().github, appId: world.app.id };
  const reporter = reportAttempt(board, attempt, silentLog);
  reporter.open();
  return reporter;
};
const checks = () => shop.checks(attempt.commit, "deploy/dev");
const succeeded: Report = { ending: "success", title: "Deployed", summary: "All is well." };

it("opens a check run and a Deployment, and brings both to their end", async () => {
  const reporter = start();
  await expect.poll(checks).toMatchObject([{ status: "in_progress", externalId: "an-owner" }]);
  await expect.poll(() => shop.deploymentStates(attempt.commit, "dev")).toEqual(["in_progress"]);
  await reporter.end(succeeded, "success");
  expect(await checks()).toMatchObject([{ conclusion: "success", title: "Deployed" }]);
  expect(await shop.deploymentStates(attempt.commit, "dev")).toEqual(["success", "in_progress"]);
});

it("shows the newest progress every five seconds, and writes nothing while there is none", async () => {
  const reporter = start();
  await expect.poll(() => shop.deploymentStates(attempt.commit, "dev")).toEqual(["in_progress"]);
  const from = world.github.requests.length;
  reporter.progress("a first word");
  reporter.progress("a second word");
  vi.advanceTimersByTime(4999);
  vi.advanceTimersByTime(1);
  await expect.poll(async () => (await checks())[0]?.summary).toContain("a second word");
  vi.advanceTimersByTime(20_000);
  await reporter.leave();
  const written = world.github.requests.slice(from).filter(({ method }) => method !== "GET");
  expect(written).toHaveLength(1);
});

it("tells no more once it has left", async () => {
  const reporter = start();
  await reporter.leave();
  reporter.progress("too late");
  vi.advanceTimersByTime(10_000);
  await reporter.leave();
  expect((await checks())[0]?.summary).not.toContain("too late");
});

it("survives a GitHub that does not answer, and says at the end what it could not say before", async () => {
  const effect = { kind: "respond", status: 422 } as const;
  world.github.faults.onRequest({ method: "POST", path: /check-runs$/, effect });
  const reporter = start();
  await reporter.leave();
  expect(await checks()).toEqual([]);
  await reporter.end(succeeded, "success");
  expect(await checks()).toMatchObject([{ conclusion: "success" }]);
});
