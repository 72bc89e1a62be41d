import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { adoptRunning, leftTries } from "../../../jobs/phases/adopt-running.ts";
import type { DeploymentTools } from "../../../jobs/phases/deployment.ts";
import { writeJournal } from "../../../jobs/phases/journal.ts";
import { makeTry, runDirectory } from "../../../jobs/phases/run-directory.ts";
import { startWorker } from "./support/start-worker.ts";
import { makeTools, makeWorld, type World } from "./support/world.ts";

const patience = { timeout: 30_000 };
const environment = "dev";
let tools: DeploymentTools;
let world: World;

beforeAll(async () => {
  tools = await makeTools();
});

beforeEach(async () => {
  world = await makeWorld({ ...tools, home: join(tools.home, Math.random().toString(36).slice(2)) });
});

const adopt = () => adoptRunning(world.tools.home, 7, environment);
const go = () => writeFile(join(world.state, "go"), "");
const untilGo = () => `while [ ! -e ${join(world.state, "go")} ]; do sleep 0.05; done`;

test("nothing was ever run: there is nothing to adopt", async () => {
  expect(await adopt()).toEqual([]);
});

test("a deployment that ended leaves nothing to adopt", async () => {
  await world.deploy({ only: {} });
  expect(await adopt()).toEqual([]);
});

test("the worker is killed while Terraform applies: the apply goes on, is waited for, and its end is known", async () => {
  const worker = await startWorker(world, { slow: { command: untilGo() } });
  const { attemptId } = worker;
  await expect.poll(() => worker.read("stacks/slow/apply/stdout"), patience).toContain("provision_start");
  await worker.kill();
  expect(await leftTries(world.tools.home, 7, environment)).toMatchObject([{ attemptId, phase: "apply" }]);
  const adopted = adopt();
  await go();
  const exit = { kind: "exited", code: 0 };
  expect(await adopted).toContainEqual({ attemptId, stack: "slow", step: "apply", exit });
  expect(await world.outputs("slow")).toMatchObject({ waymark_attempt: attemptId });
  expect(await adopt()).toEqual([]);
  expect(await leftTries(world.tools.home, 7, environment)).toEqual([]);
  expect((await world.deploy({ slow: { command: untilGo() } })).stacks).toMatchObject([
    { result: "unchanged" },
  ]);
});

test("a plan that waits for a lock is asked to stop, since it changes nothing", async () => {
  const held = world.deploy({ slow: { command: untilGo() } });
  await expect.poll(() => readdir(world.state), patience).toContain(".slow.tfstate.lock.info");
  const home = join(world.tools.home, "other");
  const worker = await startWorker(world, { slow: { command: "true" } }, home);
  await expect.poll(() => worker.read("stacks/slow/plan/child"), patience).not.toBe("");
  await worker.kill();
  const steps = await adoptRunning(home, 7, environment);
  const stopped = expect.objectContaining({
    step: "plan",
    exit: { kind: "exited", code: expect.any(Number) },
  });
  expect(steps).toContainEqual(stopped);
  expect(steps).not.toContainEqual(
    expect.objectContaining({ step: "plan", exit: { kind: "exited", code: 0 } }),
  );
  await go();
  await held;
});

test.each(["apply", "apply-2"])(
  "a step that was prepared but never started is told apart (%s)",
  async (name) => {
    const directory = await makeTry(runDirectory(world.tools.home, 7, environment, "a".repeat(40)));
    await mkdir(join(directory, "stacks/only", name), { recursive: true });
    const journal = { attemptId: "a".repeat(40), repositoryId: 7, environment, commit: "c".repeat(40) };
    await writeJournal(directory, { ...journal, settled: false });
    expect(await adopt()).toMatchObject([{ stack: "only", step: "apply", exit: { kind: "never-started" } }]);
  },
);

test("other environments' runs are none of our business", async () => {
  const directory = await makeTry(runDirectory(world.tools.home, 7, "prod", "a".repeat(40)));
  await mkdir(join(directory, "stacks/only/apply"), { recursive: true });
  const journal = { attemptId: "a".repeat(40), repositoryId: 7, environment: "prod", commit: "c".repeat(40) };
  await writeJournal(directory, { ...journal, settled: false });
  expect(await adopt()).toEqual([]);
});
