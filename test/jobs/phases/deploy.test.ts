import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { DeploymentOutcome, DeploymentTools, StackReport } from "../../../jobs/phases/deployment.ts";
import { freshDirectory } from "../../support/directory.ts";
import { privateDirectory } from "./support/app.ts";
import { makeTools, makeWorld, secret, type World } from "./support/world.ts";

let tools: DeploymentTools;
let world: World;

beforeAll(async () => {
  tools = await makeTools();
});

beforeEach(async () => {
  world = await makeWorld(tools);
});

function applied(outcome: DeploymentOutcome): Extract<DeploymentOutcome, { kind: "applied" }> {
  if (outcome.kind === "failed") throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome;
}

const results = ({ stacks }: DeploymentOutcome): Record<string, StackReport["result"]> =>
  Object.fromEntries(stacks.map(({ stack, result }) => [stack, result]));

/** What a run leaves behind. */
async function filesIn(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).map(String);
}

const twoStacks = { network: {}, service: { dependencies: ["network"], outputs: { url: "http://x" } } };

test("a real CDKTF app is applied, stack after stack, into the environment's own state", async () => {
  const checkout = await freshDirectory();
  await cp(join(import.meta.dirname, "../../fixtures/tiny-app"), checkout, { recursive: true });
  const outcome = applied(await world.deployWith({ worktree: checkout, policy: { outputs: ["greeting"] } }));
  expect(results(outcome)).toEqual({ base: "applied", side: "applied", top: "applied" });
  const top = outcome.stacks.find(({ stack }) => stack === "top");
  expect(top).toMatchObject({
    adds: 1,
    outputs: [{ name: "greeting", value: "hello dev" }, { name: "token" }],
  });
  expect(await world.outputs("top")).toMatchObject({ greeting: "hello dev" });
  expect(JSON.stringify(outcome)).not.toContain("sensitive-value");
});

test("a tier is planned, then fenced once, then applied", async () => {
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

test("a stored bundle is applied again without the repository, under the same digest", async () => {
  const first = applied(await world.deploy({ only: { input: "old" } }));
  applied(await world.deploy({ only: { input: "new" } }));
  const back = applied(await world.deployWith({ bundle: first.bundle }));
  expect(back.bundle).toBe(first.bundle);
  expect(await world.outputs("only")).toMatchObject({ value: "old" });
});

test("equal plans have equal digests, different ones don't", async () => {
  const first = applied(await world.deploy({ only: { input: "a" } }));
  const other = await makeWorld(tools);
  expect(applied(await other.deploy({ only: { input: "b" } })).plan).toBe(first.plan);
  expect(applied(await other.deploy({ only: { input: "c" } })).plan).not.toBe(first.plan);
});

test("a bundle is bound anew when the environment's state has moved", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }));
  const directory = await privateDirectory(await freshDirectory(), "moved");
  const binding = { ...world.input({}).binding, backend: { type: "local", directory } } as const;
  applied(await world.deployWith({ bundle, binding }));
  expect(await readdir(join(directory, "7"))).toContain("only.tfstate");
});

test("a bundle that is not there is a failure", async () => {
  const outcome = await world.deployWith({ bundle: "0".repeat(64) });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "bundle-missing", source: "service" } });
});

test("a failed stack stops those that depend on it and no others", async () => {
  const outcome = await world.deploy({
    broken: { command: "echo no luck >&2; exit 3" },
    hanging: { dependencies: ["broken"] },
    deeper: { dependencies: ["hanging"] },
    beside: {},
    above: { dependencies: ["beside"] },
  });
  expect(results(outcome)).toEqual({
    broken: "failed",
    hanging: "not-run",
    deeper: "not-run",
    beside: "applied",
    above: "applied",
  });
  const reason = (name: string) => outcome.stacks.find(({ stack }) => stack === name)?.reason;
  expect(reason("hanging")).toBe("it needs broken, which was not applied");
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { code: "provisioner-failed", class: "code", message: expect.stringContaining("no luck") },
  });
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

test("a plan that fails leaves the stack untouched, in Terraform's words, with address and place", async () => {
  const json = { resource: { terraform_data: { thing: { inputs: "typo" } } } };
  const outcome = await world.deploy({ bad: { json } });
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { class: "code", message: expect.stringMatching(/"inputs".*\(cdk\.tf\.json line [0-9]+\)/) },
  });
  expect(await world.outputs("bad")).toBeUndefined();
});

test("a stack that can't be initialised fails before anything is applied", async () => {
  const terraform = { required_version: ">= 99.0", backend: { local: { path: "x" } } };
  const outcome = await world.deploy({ fine: {}, old: { json: { terraform } } });
  expect(results(outcome)).toEqual({ fine: "not-run", old: "failed" });
  expect(outcome).toMatchObject({
    failure: { code: "provider-unavailable", message: expect.stringContaining("Core version") },
  });
  expect(await world.outputs("fine")).toBeUndefined();
});

test.each([
  ["a cycle", { policy: { dependsOn: { a: ["b"], b: ["a"] } } }, "stack-cycle"],
  ["an unknown stack", { policy: { dependsOn: { a: ["c"] } } }, "stack-unknown"],
  ["a missing output", { policy: { outputs: ["url"] } }, "output-missing"],
])("the policy is held against the app: %s", async (_, wish, code) => {
  expect(await world.deploy({ a: {}, b: {} }, wish)).toMatchObject({ kind: "failed", failure: { code } });
});

test("the policy's order is kept", async () => {
  await world.deploy({ a: {}, b: {} }, { policy: { dependsOn: { a: ["b"] } } });
  expect(world.told.filter((line) => /^plan ./.test(line))).toEqual(["plan b", "plan a"]);
});

test("the state of another app is refused before anything runs", async () => {
  const data = {
    terraform_remote_state: { theirs: { backend: "local", config: { path: "/other/prod.tfstate" } } },
  };
  const outcome = await world.deploy({ nosy: { json: { data } } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "foreign-remote-state" }, stacks: [] });
});

test.runIf(process.platform === "linux")(
  "a provisioner finds nothing of the worker or of other environments",
  async () => {
    const other = await makeWorld(tools);
    applied(await other.deploy({ theirs: { input: "their-secret" } }));
    const places = [other.state, tools.home, "/root", "$HOME/..", `/proc/${process.pid}/environ`];
    const command = `cat ${places.map((place) => `${place}/* ${place}`).join(" ")} 2>/dev/null | head -c 300 >&2; env >&2; exit 1`;
    const outcome = await world.deploy({ nosy: { command } });
    const { message } = outcome.kind === "failed" ? outcome.failure : { message: "" };
    expect(message).toContain("TF_IN_AUTOMATION=1");
    expect(message).not.toMatch(/their-secret|WEBHOOK_SECRET|hunter2/);
  },
);

test("a secret that a program prints is masked in the outcome", async () => {
  const outcome = await world.deploy({ loud: { command: `echo ${secret} >&2; exit 1` } });
  expect(JSON.stringify(outcome)).toContain("***");
  expect(JSON.stringify(outcome)).not.toContain(secret);
});

test("a deployment that takes too long is stopped in good order", async () => {
  const app = { slow: { command: "exec sleep 60" }, later: { dependencies: ["slow"] } };
  const outcome = await world.deploy(app, { policy: { timeout: 3 } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "deployment-timeout" } });
  expect(results(outcome)).toEqual({ slow: "failed", later: "not-run" });
  const unlocked = await world.deploy({ slow: {} }, { policy: { lockTimeout: 1 } });
  expect(results(applied(unlocked))).toEqual({ slow: "applied" });
});

test("a worker that must stop leaves nothing running and says so", async () => {
  const controller = new AbortController();
  const progress = ({ phase, stack }: { phase: string; stack?: string }) => {
    if (phase === "apply" && stack === "slow") controller.abort();
  };
  const io = { signal: controller.signal, progress };
  const outcome = await world.deploy({ slow: { command: "exec sleep 60" } }, { io });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "interrupted", class: "transient" } });
});

test("a state that somebody else changed after the plan is a conflict, not overwritten", async () => {
  const app = { only: { input: "mine" } };
  await world.deploy({ only: { input: "first" } });
  const fence = async () => {
    const rival = await makeWorld(tools);
    const { binding } = world.input({});
    await rival.deploy({ only: { input: "theirs" } }, { binding });
  };
  const outcome = await world.deploy(app, { io: { fence } });
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "plan-stale", class: "conflict" } });
  expect(await world.outputs("only")).toMatchObject({ value: "theirs" });
});

test("a lock that somebody holds is told as a lock", async () => {
  const fifo = join(world.state, "go");
  const held = world.deploy({ only: { command: `while [ ! -e ${fifo} ]; do sleep 0.05; done` } });
  await expect.poll(() => readdir(world.state), { timeout: 20_000 }).toContain(".only.tfstate.lock.info");
  const outcome = await world.deploy({ only: {} }, { policy: { lockTimeout: 1 } });
  await writeFile(fifo, "");
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "state-locked", class: "lock" } });
  applied(await held);
});

test("a bundle names its files and the tools that made it", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }));
  const directory = join(world.input({}).binding.artifacts.directory, "bundles", bundle);
  const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
  expect(manifest.tools).toMatchObject({ cdktf: "0.24.0", [tools.terraform.name]: tools.terraform.version });
  expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual([
    "manifest.json",
    "stacks/only/cdk.tf.json",
  ]);
});
