import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adoptRunning } from "../../../jobs/phases/adopt-running.ts";
import type { DeploymentProgress } from "../../../jobs/phases/deployment.ts";
import { askSts, startProxy } from "../../support/proxy.ts";
import type { AppSpec } from "./support/app.ts";
import { type AwsWorld, begunIn, makeAwsWorld, moto, useAws, waitingScript } from "./support/aws.ts";
import { type ExpiringProxy, expiringProxy } from "./support/expiring-proxy.ts";
import { applied } from "./support/outcome.ts";
import { startWorker } from "./support/start-worker.ts";

useAws();

let proxy: ExpiringProxy;
let world: AwsWorld;
beforeAll(async () => {
  proxy = await expiringProxy(moto.url);
});
afterAll(() => proxy[Symbol.asyncDispose]());
beforeEach(async () => {
  world = await makeAwsWorld(proxy.url);
});

const nextId = (() => {
  let made = 0;
  return () => String(++made).padStart(40, "0");
})();

/** Deploys a stack whose script waits, does something in its middle, and lets it end. */
async function interrupted(
  stack: string,
  app: AppSpec,
  middle: () => void,
  policy = {},
  attemptId = nextId(),
) {
  const deployment = world.deploy(app, { attemptId, policy });
  const go = await begunIn(world, attemptId, stack);
  middle();
  await writeFile(go, "");
  const outcome = await deployment;
  const scripts = await readFile(join(dirname(go), "created"), "utf8");
  return { outcome, created: scripts.trim().split("\n").length };
}

const creating = (input: string) => ({ input, command: `${waitingScript}; echo ${input} >> created` });

const unsaved = async () =>
  await readdir(join(world.tools.home, "store/unsaved/1001")).catch((): string[] => []);

test("keys that end in the middle of a first apply: its state is stored with new ones, and its lock released", async () => {
  const { outcome, created } = await interrupted("first", { first: creating("one") }, proxy.expire);
  expect(applied(outcome).stacks).toMatchObject([{ result: "unchanged", tries: 2 }]);
  expect(created).toBe(1);
  expect(await world.object("first.tfstate")).toContain("waymark_attempt");
  expect([await world.object("first.tfstate.tflock"), await unsaved()]).toEqual([undefined, []]);
});

test("keys that end in the middle of a later one: the same, and nothing that was there is lost", async () => {
  const kept = { terraform_data: { kept: { input: "kept" } } };
  applied(await world.deploy({ later: { json: { resource: kept, output: undefined } } }));
  const thing = { provisioner: [{ "local-exec": { command: creating("two").command } }] };
  const resource = { terraform_data: { ...kept.terraform_data, thing } };
  const app = { later: { json: { resource, output: undefined } } };
  const { outcome, created } = await interrupted("later", app, proxy.expire);
  expect(applied(outcome).stacks).toMatchObject([{ result: "unchanged", tries: 2 }]);
  expect(created).toBe(1);
  expect(await world.object("later.tfstate")).toMatch(/"kept"[\s\S]*"thing"/);
  expect(await world.object("later.tfstate.tflock")).toBeUndefined();
});

test("no new keys can be had: the state waits on this machine, and comes before the next plan", async () => {
  const policy = { retry: { maxAttempts: 1, backoffMultiplier: 1 } };
  const app = { patient: creating("three") };
  const { outcome, created } = await interrupted("patient", app, () => proxy.expire("all"), policy);
  expect(outcome).toMatchObject({ kind: "failed", failure: { code: "state-not-saved" } });
  expect([created, await unsaved()]).toEqual([1, ["patient.tfstate"]]);
  proxy.recover();
  expect(applied(await world.deploy(app)).stacks).toMatchObject([{ adds: 0 }]);
  expect([await world.object("patient.tfstate.tflock"), await unsaved()]).toEqual([undefined, []]);
});

test("somebody else stores a first state before it: theirs stays, ours is kept, and people decide", async () => {
  const policy = { retry: { maxAttempts: 1, backoffMultiplier: 1 } };
  await interrupted("rivals", { rivals: creating("ours") }, () => proxy.expire("all"), policy);
  proxy.recover();
  await world.put("rivals.tfstate.tflock", undefined);
  const rival = await makeAwsWorld();
  applied(await rival.deploy({ rivals: { input: "theirs" } }));
  expect(await world.deploy({ rivals: creating("ours") })).toMatchObject({
    kind: "failed",
    failure: { code: "state-not-saved", class: "configuration" },
  });
  expect(await unsaved()).toEqual(["rivals.tfstate"]);
  expect(await world.object("rivals.tfstate")).toContain("theirs");
});

/** An apply to a state that was there, whose own state waits on this machine with a serial raised by many vain tries. */
async function stranded(stack: string, attemptId: string) {
  applied(await world.deploy({ [stack]: { input: "before" } }));
  const policy = { retry: { maxAttempts: 1, backoffMultiplier: 1 } };
  const app = { [stack]: creating("ours") };
  await interrupted(stack, app, () => proxy.expire("all"), policy, attemptId);
  proxy.recover();
  await world.put(`${stack}.tfstate.tflock`, undefined);
  const file = join(world.tools.home, "store/unsaved/1001", `${stack}.tfstate`);
  const kept = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...kept, serial: kept.serial + 5 }));
}

test("somebody else stores a later state before it, with a lower serial: theirs stays too", async () => {
  await stranded("overtaken", nextId());
  applied(await (await makeAwsWorld()).deploy({ overtaken: { input: "theirs" } }));
  expect(await world.deploy({ overtaken: creating("ours") })).toMatchObject({
    kind: "failed",
    failure: { code: "state-not-saved", class: "configuration" },
  });
  expect(await unsaved()).toEqual(["overtaken.tfstate"]);
  expect(await world.object("overtaken.tfstate")).toContain("theirs");
});

test("what the apply itself had stored on its way is no obstacle", async () => {
  const attemptId = nextId();
  await stranded("halfway", attemptId);
  const stored = JSON.parse((await world.object("halfway.tfstate")) ?? "{}");
  const outputs = { ...stored.outputs, waymark_attempt: { value: attemptId, type: "string" } };
  await world.put("halfway.tfstate", JSON.stringify({ ...stored, serial: stored.serial + 1, outputs }));
  expect(applied(await world.deploy({ halfway: creating("ours") })).stacks).toMatchObject([{ adds: 0 }]);
  expect([await world.object("halfway.tfstate"), await unsaved()]).toEqual([
    expect.stringContaining("ours"),
    [],
  ]);
});

test("a worker dies, and then the keys of its apply: the next one stores the state and frees the lock", async () => {
  const app = { orphaned: creating("orphan") };
  const worker = await startWorker(world, app);
  const go = await begunIn(world, worker.attemptId, "orphaned");
  await worker.kill();
  proxy.expire();
  await writeFile(go, "");
  await adoptRunning(world.tools.home, 7, "dev");
  expect(await unsaved()).toEqual(["orphaned.tfstate"]);
  expect(applied(await world.deploy(app, { supersedes: true })).stacks).toMatchObject([
    { result: "applied", adds: 0 },
  ]);
  expect(await world.object("orphaned.tfstate")).toContain("orphan");
  expect([await world.object("orphaned.tfstate.tflock"), await unsaved()]).toEqual([undefined, []]);
});

/** Gives sessions as AWS does, but for the first one that applies: it can't live longer than this, in seconds. */
async function shortSession(seconds: number) {
  let isFirst = true;
  return await startProxy(moto.url, async (asked, answer) => {
    const taken = await askSts(moto.url, asked);
    if (taken === undefined) return false;
    const isShort = isFirst && taken.session.endsWith("-apply");
    if (isShort) isFirst = false;
    const end = new Date(Date.now() + seconds * 1000).toISOString();
    const xml = isShort ? taken.xml.replace(/(?<=<Expiration>)[^<]+/, end) : taken.xml;
    answer.writeHead(taken.status, { "content-type": "text/xml" }).end(xml);
    return true;
  });
}

const short = { policy: { timeout: 60 } };

test("an apply that would outlive its session is stopped while it can store its state, and goes on with another", async () => {
  await using short61 = await shortSession(61);
  const brief = await makeAwsWorld(short61.url);
  const attemptId = nextId();
  const again: string[] = [];
  const progress = ({ waiting, stack = "" }: DeploymentProgress) => {
    if (waiting !== undefined) again.push(stack);
  };
  const app = { long: { command: waitingScript } };
  const deployment = brief.deploy(app, { ...short, attemptId, io: { progress } });
  await expect.poll(() => again, { timeout: 25_000 }).toEqual(["long"]);
  await writeFile(await begunIn(brief, attemptId, "long"), "");
  expect(applied(await deployment).stacks).toMatchObject([{ result: "applied", tries: 2 }]);
  expect(await brief.object("long.tfstate.tflock")).toBeUndefined();
});

test("an apply is not begun with keys that end before it must, and the next session is asked for", async () => {
  await using short30 = await shortSession(30);
  const brief = await makeAwsWorld(short30.url);
  const outcome = applied(await brief.deploy({ brief: {} }, short));
  expect(outcome.stacks).toMatchObject([{ result: "applied", tries: 2 }]);
});
