import { appendFile, cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cacheIn } from "../../../adapters/cache/entry.ts";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import { runDirectory } from "../../../jobs/phases/run-directory.ts";
import type { Remark } from "../../../promotion/report/remarks.ts";
import { freshDirectory } from "../../support/directory.ts";
import { writeCheckout } from "./support/app.ts";
import { applied, results } from "./support/outcome.ts";
import { tools, useWorld, world } from "./support/scene.ts";
import { makeWorld, type Wish } from "./support/world.ts";

useWorld();

const tree = "7".repeat(40);

/** A commit whose app notes in its checkout that it ran; `more` is run after it has written its stacks. */
async function commitWith(more = ""): Promise<string> {
  const source = await writeCheckout({ only: {} });
  const note = `import { appendFileSync } from "node:fs"; appendFileSync("ran", "x");`;
  await appendFile(join(source, "main.mjs"), `${note}\n${more}`);
  return source;
}

/** Deploys a commit; tells what was remarked, and how often it was checked out and synthesized. */
async function deployCommit(source: string, wish: Wish = {}, place = world) {
  const remarks: Remark[] = [];
  const worktree = join(await freshDirectory(), "checkout");
  let checkouts = 0;
  const io = {
    checkout: async () => {
      checkouts += 1;
      await cp(source, worktree, { recursive: true });
    },
    remark: (remark: Remark) => void remarks.push(remark),
  };
  const outcome = await place.deployWith({ worktree, tree, ...wish, io });
  const ran = await readFile(join(worktree, "ran"), "utf8").catch(() => "");
  return {
    bundle: applied(outcome).bundle,
    results: results(outcome),
    remarks,
    checkouts,
    synths: ran.length,
  };
}

const reused = { checkouts: 0, synths: 0, remarks: [{ kind: "synth-reused" }] };
const synthesized = { checkouts: 1, synths: 1, remarks: [] };

describe("a commit whose files were synthesized before", () => {
  test("is deployed again without a checkout and without synth, into the same bundle", async () => {
    const commit = await commitWith();
    const first = await deployCommit(commit);
    expect(first).toMatchObject(synthesized);
    expect(await deployCommit(commit)).toMatchObject({ ...reused, bundle: first.bundle });
  });

  test("is synthesized where the repository is another one, the files are not known, or it is forced", async () => {
    const commit = await commitWith();
    await deployCommit(commit);
    const repository = { id: 8, owner: "evil", name: "shop" };
    for (const wish of [{ repository }, { tree: undefined }, { force: true }])
      expect(await deployCommit(commit, wish)).toMatchObject(synthesized);
  });

  test("is checked out all the same for the policy's own verification", async () => {
    const commit = await commitWith();
    const policy = { verify: { command: ["node", "-e", "require('./cdktf.json')"], within: 30 } };
    await deployCommit(commit);
    expect(await deployCommit(commit, { policy })).toMatchObject({ ...reused, checkouts: 1 });
  });

  test("is synthesized by each of two that come at once, and what they keep is whole", async () => {
    const commit = await commitWith();
    const { binding } = world.input({});
    const elsewhere = { ...binding, backend: { type: "local", directory: await freshDirectory() } } as const;
    const both = await Promise.all([deployCommit(commit), deployCommit(commit, { binding: elsewhere })]);
    expect(both).toMatchObject([synthesized, synthesized]);
    expect(await deployCommit(commit)).toMatchObject(reused);
  });
});

describe("the cache", () => {
  test("may be deleted between two deployments, and in the middle of one", async () => {
    const commit = await commitWith();
    const { bundle } = await deployCommit(commit);
    await rm(cacheIn(tools.home), { recursive: true });
    expect(await deployCommit(commit)).toMatchObject({ ...synthesized, bundle });
    const io = { fence: async () => await rm(cacheIn(tools.home), { recursive: true, force: true }) };
    const other = await commitWith();
    applied(await world.deployWith({ worktree: other, tree: "9".repeat(40), supersedes: true, io }));
    expect(await deployCommit(commit)).toMatchObject({ ...synthesized, bundle });
  });

  test("keeps nothing that names the place where it was made, as an app without a sandbox may", async () => {
    const plain = { ...tools, home: await freshDirectory(), sandbox: await detectSandbox("off") };
    const place = await makeWorld(plain);
    const naming = await commitWith(`writeFileSync(process.env.CDKTF_OUTDIR + "/here", process.cwd());`);
    for (let time = 0; time < 2; time += 1)
      expect(await deployCommit(naming, {}, place)).toMatchObject(synthesized);
    const silent = await commitWith();
    const other = { tree: "8".repeat(40) };
    expect(await deployCommit(silent, other, place)).toMatchObject(synthesized);
    expect(await deployCommit(silent, other, place)).toMatchObject(reused);
  });
});

describe("an app that synthesizes something else each time", () => {
  const random = `writeFileSync(process.env.CDKTF_OUTDIR + "/asset.txt", String(Math.random()));`;
  const warned = { remarks: [{ kind: "nondeterministic-synth", files: ["asset.txt"] }] };

  test("is told so when it is synthesized again, by force or for want of what was kept", async () => {
    const commit = await commitWith(random);
    expect(await deployCommit(commit)).toMatchObject(synthesized);
    const forced = await deployCommit(commit, { force: true });
    expect(forced).toMatchObject(warned);
    expect(await deployCommit(commit)).toMatchObject({ ...reused, bundle: forced.bundle });
    await rm(cacheIn(tools.home), { recursive: true });
    expect(await deployCommit(commit)).toMatchObject(warned);
  });
});

describe("a forced deployment", () => {
  const policy = { stacks: { only: { kind: "provision" } } } as const;

  test("plans what would be skipped, and initialises it anew", async () => {
    const commit = await commitWith();
    await deployCommit(commit, { policy });
    expect((await deployCommit(commit, { policy })).results).toEqual({ only: "skipped" });
    const attemptId = "f".repeat(40);
    const forced = await deployCommit(commit, { policy, force: true, attemptId });
    expect(forced.results).toEqual({ only: "unchanged" });
    const runs = runDirectory(tools.home, 7, "dev", attemptId);
    const [run = ""] = await readdir(runs);
    expect(await readdir(join(runs, run, "stacks", "only"))).toContain("init");
  });

  test("applies a sealed bundle as it is", async () => {
    const { bundle } = await deployCommit(await commitWith());
    const back = await deployCommit("nowhere", { bundle, worktree: undefined, force: true });
    expect(back).toMatchObject({ bundle, checkouts: 0, synths: 0, remarks: [] });
  });
});
