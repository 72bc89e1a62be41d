import { readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld } from "./support/world.ts";

useWorld();

const twoStacks = { network: {}, service: { dependencies: ["network"], outputs: { url: "http://x" } } };

/** What a run leaves behind. */
async function filesIn(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).map(String);
}

test("a stack is planned once those it needs are applied, and fenced right before its apply", async () => {
  await world.deploy(twoStacks);
  const steps = world.told.filter((line) => /^(fence|plan|apply) ?/.test(line) && !line.includes("/"));
  expect(steps).toEqual([
    "apply",
    "plan network",
    "fence",
    "apply network",
    "plan service",
    "fence",
    "apply service",
  ]);
  expect(world.told).toContain("apply network 1/1");
});

test("nothing but synth is done before the attempt has begun", async () => {
  const before: string[] = [];
  const io = { begun: async () => void before.push(...world.told) };
  await world.deploy(twoStacks, { io });
  expect(before).toEqual(["checkout", "synth"]);
  expect(world.told).toContain("init network");
});

test("a stack waits for those it needs only, not for others that take longer", async () => {
  const above = `${world.state}/above.tfstate`;
  const patient = `until grep -q waymark_attempt ${above}; do sleep 0.05; done`;
  const app = { slow: { command: patient }, base: {}, above: { dependencies: ["base"] } };
  const outcome = applied(await world.deploy(app, { policy: { timeout: 60 } }));
  expect(results(outcome)).toEqual({ base: "applied", slow: "applied", above: "applied" });
});

test("once the fence throws no apply is begun, and one that runs is waited for", async () => {
  const lost = new Error("the world moved on");
  const [closed, started] = [`${world.state}/closed`, `${world.state}/started`];
  const until = (file: string) => `until [ -e ${file} ]; do sleep 0.05; done`;
  const app = {
    running: { command: `touch ${started}; ${until(closed)}` },
    base: { command: until(started) },
    above: { dependencies: ["base"] },
  };
  const begun: string[] = [];
  const io = {
    progress: ({ phase, stack = "" }: { phase: string; stack?: string }) =>
      void begun.push(`${phase} ${stack}`),
    fence: async () => {
      if (!begun.includes("plan above")) return;
      await writeFile(closed, "");
      throw lost;
    },
  };
  await expect(world.deploy(app, { io })).rejects.toBe(lost);
  expect(await world.outputs("running")).toHaveProperty("waymark_attempt");
  expect(await world.outputs("above")).toBeUndefined();
  expect(begun).not.toContain("apply above");
});

test("each applied stack tells which attempt it was", async () => {
  const attemptId = "f".repeat(40);
  await world.deploy(twoStacks, { attemptId });
  expect(await world.outputs("network")).toMatchObject({ waymark_attempt: attemptId });
});

test("an unchanged stack is skipped, without a fence, and its outputs still count", async () => {
  await world.deploy(twoStacks, { attemptId: "a".repeat(40) });
  world.told.length = 0;
  const again = await world.deploy(twoStacks, { policy: { outputs: ["url"] } });
  expect(results(applied(again))).toEqual({ network: "unchanged", service: "unchanged" });
  expect(world.told).not.toContain("fence");
  expect(await world.outputs("network")).toMatchObject({ waymark_attempt: "a".repeat(40) });
});

test("an attempt that supersedes another one applies the unchanged stacks too", async () => {
  await world.deploy(twoStacks);
  const again = await world.deploy(twoStacks, { attemptId: "b".repeat(40), supersedes: true });
  expect(results(applied(again))).toEqual({ network: "applied", service: "applied" });
  expect(again.stacks[0]?.plan).toEqual({ resources: [], outputs: [] });
  expect(await world.outputs("network")).toMatchObject({ waymark_attempt: "b".repeat(40) });
});

test("the policy's order is kept", async () => {
  await world.deploy({ a: {}, b: {} }, { policy: { dependsOn: { a: ["b"] } } });
  expect(world.told.filter((line) => /^plan ./.test(line))).toEqual(["plan b", "plan a"]);
});

test("what the fence throws passes through; nothing is applied and no plan is left", async () => {
  const lost = new Error("the world moved on");
  const io = { fence: () => Promise.reject(lost) };
  await expect(world.deploy(twoStacks, { io })).rejects.toBe(lost);
  expect(await world.outputs("network")).toBeUndefined();
  expect((await filesIn(tools.home)).filter((file) => file.endsWith("waymark.plan"))).toEqual([]);
});

test("no plan is left after a deployment", async () => {
  const { runDirectory } = world.input({ attemptId: "e".repeat(40) });
  await world.deploy(twoStacks, { attemptId: "e".repeat(40) });
  const files = (await filesIn(runDirectory)).filter((file) => file.endsWith("waymark.plan"));
  expect(files).toEqual([]);
});

test("equal plans have equal digests, different ones don't", async () => {
  const first = applied(await world.deploy({ only: { input: "a" } }));
  const other = await makeWorld(tools);
  expect(applied(await other.deploy({ only: { input: "b" } })).plan).toBe(first.plan);
  expect(applied(await other.deploy({ only: { input: "c" } })).plan).not.toBe(first.plan);
});
