import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeploymentProgress } from "../../../jobs/phases/deployment.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

const passing = "dial tcp 10.0.0.1:443: connect: connection reset by peer";

/** A script that says each run in a file of its own, and fails so many times with these words. */
function failing(name: string, times: number, words = passing): string {
  const log = join(world.state, `${name}.log`);
  return `echo run >>${log}; [ $(wc -l <${log}) -gt ${times} ] || { echo "${words}" >&2; exit 1; }`;
}

const flaky = { flaky: { command: `echo "${passing}" >&2; exit 1` } };

const runs = async (name: string) =>
  (await readFile(join(world.state, `${name}.log`), "utf8").catch(() => "")).split("\n").length - 1;

test("what fails for a passing reason succeeds in the end: it alone is tried again, behind a fence each time", async () => {
  const app = {
    base: { command: failing("base", 0) },
    flaky: { dependencies: ["base"], command: failing("flaky", 2) },
    above: { dependencies: ["flaky"], command: failing("above", 0) },
  };
  const outcome = applied(await world.deploy(app));
  expect(results(outcome)).toEqual({ base: "applied", flaky: "applied", above: "applied" });
  expect([await runs("base"), await runs("flaky"), await runs("above")]).toEqual([1, 3, 1]);
  expect(world.told.filter((line) => line === "fence")).toHaveLength(5);
});

test("after the last attempt that the policy grants it fails, and says that it was tried", async () => {
  const retry = { maxAttempts: 2, backoffMultiplier: 1 };
  const app = { flaky: { command: failing("flaky", 9) }, above: { dependencies: ["flaky"] }, beside: {} };
  const outcome = await world.deploy(app, { policy: { retry } });
  expect(outcome).toMatchObject({ kind: "failed", exhausted: true, failure: { class: "transient" } });
  expect(results(outcome)).toEqual({ flaky: "failed", above: "not-run", beside: "applied" });
  expect(outcome.stacks.find(({ stack }) => stack === "flaky")).toMatchObject({ tries: 2 });
  expect(await runs("flaky")).toBe(2);
});

test("what the script itself got wrong is not tried again", async () => {
  const outcome = await world.deploy({ wrong: { command: failing("wrong", 9, "no such option: -z") } });
  expect(outcome).toMatchObject({ kind: "failed", exhausted: true, failure: { code: "provisioner-failed" } });
  expect(await runs("wrong")).toBe(1);
});

test("words that stand in the script, but that it never said, don't make a failure a passing one", async () => {
  const outcome = await world.deploy({ wrong: { command: "exit 3 # connection refused" } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { class: "code" } });
});

test("an error is told with the construct that made the resource", async () => {
  const metadata = { path: "shop/bucket/thing", uniqueId: "thing" };
  const thing = { "//": { metadata }, provisioner: [{ "local-exec": { command: "exit 3" } }] };
  const outcome = await world.deploy({
    shop: { json: { resource: { terraform_data: { thing } } } },
  });
  const message = expect.stringMatching(
    /\(terraform_data\.thing, construct shop\/bucket\/thing, cdk\.tf\.json line \d+\)/,
  );
  expect(outcome).toMatchObject({ kind: "failed", failure: { class: "code", message } });
});

test("a stack that waits for its next try leaves its place to others", async () => {
  const waiting: string[] = [];
  const go = join(world.state, "go");
  const progress = ({ stack = "", waiting: pause }: DeploymentProgress) => {
    if (pause !== undefined) waiting.push(stack);
  };
  // The flaky one succeeds only after the other one, which the single place must reach in between.
  const app = {
    flaky: { command: `[ -e ${go} ] || { echo "${passing}" >&2; exit 1; }` },
    later: { command: `touch ${go}` },
  };
  const outcome = await world.deploy(app, { policy: { parallelism: 1 }, io: { progress } });
  expect(results(applied(outcome))).toEqual({ flaky: "applied", later: "applied" });
  expect(waiting).toEqual(["flaky"]);
});

test("a try that would come after the end of the deployment's time is not waited for", async () => {
  const slow = await makeWorld({ ...tools, backoff: 600_000 });
  const outcome = await slow.deploy(flaky, { policy: { timeout: 60 } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { class: "transient" } });
  expect(outcome.stacks[0]).toMatchObject({ tries: 1 });
});

test("a worker that must stop does not wait for the next try, and another attempt will go on", async () => {
  const slow = await makeWorld({ ...tools, backoff: 60_000 });
  const controller = new AbortController();
  const progress = ({ waiting }: DeploymentProgress) => {
    if (waiting !== undefined) controller.abort();
  };
  const io = { signal: controller.signal, progress };
  const outcome = await slow.deploy(flaky, { io });
  expect(outcome).toMatchObject({ kind: "failed", exhausted: false, failure: { code: "interrupted" } });
  expect(results(outcome)).toEqual({ flaky: "failed" });
});

test("who holds a lock, since when and for what is told, and nobody tries again", async () => {
  const go = join(world.state, "go");
  const held = world.deploy({ only: { command: `while [ ! -e ${go} ]; do sleep 0.05; done` } });
  await expect.poll(() => readdir(world.state), { timeout: 20_000 }).toContain(".only.tfstate.lock.info");
  const outcome = await world.deploy({ only: {} }, { policy: { lockTimeout: 1 } });
  await writeFile(go, "");
  const message = expect.stringMatching(
    /^The state of stack only is locked by \S+@\S+, for an apply begun at [-\d]+ [:\d]+ UTC \(lock [-\da-f]{36}\)\.$/,
  );
  expect(outcome).toMatchObject({
    kind: "failed",
    exhausted: true,
    failure: { code: "state-locked", class: "lock", message, next: expect.stringContaining("force-unlock") },
  });
  applied(await held);
});
