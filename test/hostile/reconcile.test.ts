import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pushPayload, refEventOf } from "../../adapters/github/deliveries.ts";
import { createRunner } from "../../jobs/runner.ts";
import { makeTools } from "../jobs/phases/support/world.ts";
import { app } from "../jobs/support/commits.ts";
import { createFakeRunner, failWith } from "../jobs/support/fake-runner.ts";
import { createShop, type Shop } from "../jobs/support/shop.ts";
import { startTestWorker, type TestWorker } from "../jobs/support/worker.ts";
import { runGit } from "../support/git.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { attack } from "./support/hostile-case.ts";
import { ownElements, render } from "./support/rendered.ts";
import {
  branchTable,
  commitTable,
  failureTable,
  type Ground,
  loginTable,
  retagTable,
} from "./tables/retag.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** The newest check run on a commit; nothing hostile in it may show as anything but code. */
async function newestCheck(shop: Shop, commit: string, name: string) {
  const [check] = await shop.checks(commit, name);
  const { elements, prose } = render(check?.summary ?? "");
  expect(elements.filter((element) => !ownElements.includes(element.replace("/", "")))).toEqual([]);
  expect(prose).not.toContain("HOSTILE");
  return check;
}

async function makeGround(): Promise<Ground> {
  const shop = await createShop(world);
  const old = await shop.advance("dev");
  const head = await shop.advance("dev");
  await shop.deployed([old, head]);
  const stray = await shop.commit({ branches: ["stray"] });
  const tag: Ground["tag"] = async (target, type, name, message = "x\n") => {
    const header = `object ${target}\ntype ${type}\ntag ${name}\ntagger M <m@example.com> 1700000000 +0000`;
    const input = `${header}\n\n${message}`;
    return await runGit(shop.directory, ["hash-object", "-t", "tag", "-w", "--stdin"], { input });
  };
  return { shop, old, head, stray, tag };
}

describe("current, moved to", () => {
  let ground: Ground;
  let worker: TestWorker;

  beforeAll(async () => {
    ground = await makeGround();
    worker = await startTestWorker(ground.shop);
  });

  attack(retagTable, async ({ input, refused }) => {
    const { shop, head, stray } = ground;
    const before = await shop.tags();
    await shop.retag("alice", "dev", await input(ground));
    await worker.reconcile();
    expect(await shop.tags()).toEqual(before);
    expect(worker.runner.started()).toBe(0);
    const told = refused.includes("commit") ? head : stray;
    const check = await newestCheck(shop, told, "deploy/dev/request");
    expect(check).toMatchObject({ conclusion: "failure", summary: expect.stringContaining(refused) });
  });

  it("a tag of a tag of what was deployed asks for just that", async () => {
    const { shop, old, tag } = ground;
    await shop.retag("alice", "dev", await tag(await tag(old, "commit", "x"), "tag", "y"));
    await worker.reconcile();
    expect((await shop.trailers("deploy/dev/3")).get("Commit")).toBe(old);
  });
});

describe("a move that GitHub once signed", () => {
  it("moves nothing when it comes again under another id, after the tag was moved there by stealth", async () => {
    const { shop, old, head } = await makeGround();
    const worker = await startTestWorker(shop);
    await shop.retag("alice", "dev", old);
    const told = world.github.deliveries.findLast(({ event }) => event === "push");
    const event = refEventOf("another-id", pushPayload.parse(told?.request.payload));
    await worker.reconcile();
    await shop.retag("alice", "dev", head);
    await worker.reconcile();
    expect(worker.runner.applied.map(({ commit }) => commit)).toEqual([old, head]);
    await shop.setTag("deploy/dev/current", old);
    // GitHub tells of whole seconds: as if this had not all happened in one.
    await worker.queues.noteEvent(worker.target(), { ...event, at: (event.at ?? 0) - 60 });
    await worker.reconcile();
    expect(worker.runner.started()).toBe(2);
  });
});

describe("a failure that says", () => {
  let shop: Shop;
  let worker: TestWorker;

  beforeAll(async () => {
    shop = await createShop(world);
    worker = await startTestWorker(shop);
  });

  attack(failureTable, async ({ input, refused }) => {
    const head = await shop.advance("dev");
    const started = worker.runner.started();
    worker.runner.plays.push(failWith({ message: input }));
    await worker.reconcile();
    await worker.reconcile();
    const journal = await shop.trailers("deploy/dev/attempt");
    expect(journal.get("Result")).toBe(refused);
    expect(journal.has("Record")).toBe(false);
    expect([...(await shop.tags()).keys()]).toEqual(["deploy/dev/attempt"]);
    expect(await newestCheck(shop, head, "deploy/dev")).toMatchObject({ conclusion: "failure" });
    expect(worker.runner.started()).toBe(started + 1);
  });
});

const limits = { cacheBytes: 1024 ** 3, bundles: 50 };

describe("a commit on the branch with", () => {
  attack(commitTable, async ({ input, refused }) => {
    const shop = await createShop(world);
    const { run } = createRunner(await makeTools(), limits, new AbortController().signal, silentLog);
    const worker = await startTestWorker(shop, { runner: { ...createFakeRunner(), run } });
    const head = await shop.advance("dev", { files: app(input) });
    await worker.reconcile();
    const before = await shop.tags();
    await worker.reconcile();
    expect(await shop.tags()).toEqual(before);
    const check = await newestCheck(shop, head, "deploy/dev");
    expect(check).toMatchObject({ conclusion: "failure", summary: expect.stringContaining(refused) });
  });
});

describe("a branch whose name holds", () => {
  attack(branchTable, async ({ input }) => {
    const shop = await createShop(world);
    const worker = await startTestWorker(shop, {
      environments: [{ name: "dev", branch: input, after: null }],
    });
    const message = "HOSTILE <img src=x>\n\nResult: done\nRequested-By: alice\n";
    const head = await shop.advance(input, { message });
    await worker.reconcile();
    const record = await shop.trailers("deploy/dev/1");
    expect(record.get("Branch")).toBe(input);
    expect(record.has("Requested-By")).toBe(false);
    expect(await newestCheck(shop, head, "deploy/dev")).toMatchObject({ conclusion: "success" });
    expect(await shop.git("for-each-ref", "--format=%(refname)", "refs/heads")).toBe(`refs/heads/${input}`);
  });
});

describe("a re-run asked for in the name of", () => {
  let ground: Ground;
  let worker: TestWorker;

  beforeAll(async () => {
    ground = await makeGround();
    worker = await startTestWorker(ground.shop);
  });

  attack(loginTable, async ({ input }) => {
    const { shop, head } = ground;
    const before = await shop.tags();
    await shop.queueRerun(input, head);
    await worker.reconcile();
    expect(worker.runner.started()).toBe(0);
    expect(await shop.tags()).toEqual(before);
    expect(await newestCheck(shop, head, "deploy/dev")).toMatchObject({ status: "completed" });
  });
});
