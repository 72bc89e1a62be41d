import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundlePath } from "../../adapters/artifacts/bundle-store.ts";
import { cacheIn } from "../../adapters/cache/entry.ts";
import type { ArtifactStore } from "../../adapters/registry/places.ts";
import type { DeploymentTools } from "../../jobs/phases/deployment.ts";
import { createRunner } from "../../jobs/runner.ts";
import type { Session } from "../../jobs/session.ts";
import { freshDirectory } from "../support/directory.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { appFiles, privateDirectory } from "./phases/support/app.ts";
import { makeTools } from "./phases/support/world.ts";
import { createFakeRunner } from "./support/fake-runner.ts";
import { createShop, type Shop } from "./support/shop.ts";
import { startTestWorker, type TestWorker, type WorkerOptions } from "./support/worker.ts";

let world: World;
let tools: DeploymentTools;

beforeAll(async () => {
  [world, tools] = await Promise.all([startWorld(), makeTools()]);
});
afterAll(() => world.close());

/** A worker that really synthesizes and applies; gives its artifact store, too. */
async function startRealWorker(shop: Shop, options: WorkerOptions = {}, artifacts?: ArtifactStore) {
  const root = await freshDirectory();
  const place = async (name: string) =>
    ({ type: "local", directory: await privateDirectory(root, name) }) as const;
  const [backend, store] = [await place("state"), await place("store")];
  const bound = (session: Session) => ({
    ...session,
    binding: { ...session.binding, backend, ...(artifacts && { artifacts }) },
    store,
  });
  const { run, tidy } = createRunner(
    tools,
    { cacheBytes: 1024 ** 3, bundles: 50 },
    new AbortController().signal,
    silentLog,
  );
  const worker = await startTestWorker(shop, {
    ...options,
    runner: {
      ...createFakeRunner(),
      run: (input, hooks) => run({ ...input, session: bound(input.session) }, hooks),
      tidy: (session) => tidy(bound(session)),
    },
  });
  return { worker, store };
}

async function deployNext(shop: Shop, worker: TestWorker, input: string, more = {}) {
  const files = { ...appFiles({ only: { input } }), ...more };
  const commit = await shop.advance("dev", { files });
  await worker.reconcile();
  const [check] = await shop.checks(commit, "deploy/dev");
  return { commit, summary: check?.summary ?? "" };
}

test("a rollback whose bundle is gone synthesizes again, and says so", async () => {
  const shop = await createShop(world);
  const { worker, store } = await startRealWorker(shop);
  const old = await deployNext(shop, worker, "old");
  expect(old.summary).not.toContain("Synth was not run");
  await deployNext(shop, worker, "new");
  const bundle = (await shop.trailers("deploy/dev/1")).get("Bundle") ?? "";

  await rm(bundlePath(store, bundle), { recursive: true });
  await rm(cacheIn(tools.home), { recursive: true });
  await shop.retag("alice", "dev", old.commit);
  await worker.reconcile();
  const [gone] = await shop.checks(old.commit, "deploy/dev/request");
  expect(gone).toMatchObject({
    conclusion: "success",
    summary: expect.stringContaining("Synthesized again"),
  });
  expect((await shop.trailers("deploy/dev/3")).get("Bundle")).toBe(bundle);
});

test("an attempt whose entry in the journal came too late leaves nothing behind", async () => {
  const shop = await createShop(world);
  await shop.advance("dev", { files: appFiles({ only: { input: "one" } }) });
  const other = await startTestWorker(shop);
  let pushes = 0;
  const { worker } = await startRealWorker(shop, {
    git: (git) => ({
      ...git,
      pushRefs: async (updates) => {
        pushes += 1;
        if (pushes === 1) await other.reconcile();
        return await git.pushRefs(updates);
      },
    }),
  });
  await worker.reconcile();
  expect(other.runner.applied).toHaveLength(1);
  expect(await readdir(join(tools.home, "runs", String(shop.id), "dev"))).toEqual([]);
});

test("a commit with files that were deployed before is neither checked out nor synthesized, and says so", async () => {
  const shop = await createShop(world);
  const { worker } = await startRealWorker(shop);
  await deployNext(shop, worker, "one");
  await deployNext(shop, worker, "two");
  const reverted = await deployNext(shop, worker, "one");
  expect(reverted.summary).toContain("Synth was not run");
  expect(/^Took .*$/m.exec(reverted.summary)?.[0]).toMatch(/ s: (?!.*checkout).*apply [0-9.]+ s/);
  const runs = await readdir(join(tools.home, "runs", String(shop.id), "dev"), { recursive: true });
  expect(runs.filter((path) => path.endsWith("checkout/main.mjs"))).toHaveLength(2);
});

test("a policy that forces every deployment has each one synthesized", async () => {
  const shop = await createShop(world);
  const { worker } = await startRealWorker(shop);
  const policy = { ".github/waymark.yml": "{ version: 1, environments: { dev: { force: true } } }" };
  for (let time = 0; time < 2; time += 1) {
    const { summary } = await deployNext(shop, worker, "one", policy);
    expect(summary).toContain("synth ");
    expect(summary).not.toContain("Synth was not run");
  }
});

test("a check run says where the logs are, and gives no link to them", async () => {
  const shop = await createShop(world);
  const region = "eu-central-1";
  const bucket = { type: "s3", bucket: "files", prefix: "acme/shop", region, kmsKeyId: "key" } as const;
  const { worker } = await startRealWorker(shop, {}, bucket);
  const { summary } = await deployNext(shop, worker, "one");
  const [, attempt = ""] = /`s3:\/\/files\/acme\/shop\/logs\/([\w-]+)\/`/.exec(summary) ?? [];
  expect(summary).toContain(`npm run core -- logs ${shop.fullName} dev ${attempt}`);
  expect(summary).not.toContain("https://");
});
