import { afterAll, beforeAll, expect, test } from "vitest";
import { createRunner } from "../../jobs/runner.ts";
import type { Session } from "../../jobs/session.ts";
import { leaks } from "../canaries/support/scan.ts";
import { silentLog, startWorld, type World } from "../support/waymark.ts";
import { appFiles } from "./phases/support/app.ts";
import { type AwsWorld, makeAwsWorld, moto, useAws } from "./phases/support/aws.ts";
import { recordingProxy } from "./phases/support/recording-proxy.ts";
import { createFakeRunner } from "./support/fake-runner.ts";
import { createShop, type Shop } from "./support/shop.ts";
import { startTestWorker } from "./support/worker.ts";

useAws();

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** A worker that really deploys to dev on AWS. */
async function startAwsWorker(shop: Shop, { tools, wish }: AwsWorld) {
  const limits = { cacheBytes: 1024 ** 3, bundles: 50 };
  const { run, tidy } = createRunner(tools, limits, new AbortController().signal, silentLog);
  const { binding, store } = wish;
  const bound = (session: Session): Session => ({
    ...session,
    binding: { ...session.binding, ...binding },
    store: store ?? session.store,
    fullName: "acme/Shop",
  });
  return await startTestWorker(shop, {
    runner: {
      ...createFakeRunner(),
      run: (input, hooks) => run({ ...input, session: bound(input.session) }, hooks),
      tidy: (session) => tidy(bound(session)),
    },
  });
}

test("a merge is deployed with state in S3 and recorded, and a moved tag rolls it back; no key is told", async () => {
  await using proxy = await recordingProxy(moto.url);
  const aws = await makeAwsWorld(proxy.url);
  const shop = await createShop(world);
  const worker = await startAwsWorker(shop, aws);
  const merge = async (input: string) => {
    const commit = await shop.advance("dev", { files: appFiles({ merged: { input } }) });
    await worker.reconcile();
    return commit;
  };
  const first = await merge("first");
  const second = await merge("second");
  expect(await aws.object("merged.tfstate")).toContain('"second"');
  await shop.retag("alice", "dev", first);
  await worker.reconcile();

  expect(await aws.object("merged.tfstate")).toContain('"first"');
  expect((await shop.trailers("deploy/dev/current")).get("Commit")).toBe(first);
  expect([...(await shop.tags()).keys()]).toEqual(
    expect.arrayContaining(["deploy/dev/1", "deploy/dev/2", "deploy/dev/3"]),
  );
  const sessions = [1, 2, 3].flatMap((number) => [
    `waymark-dev-${number}-plan`,
    `waymark-dev-${number}-apply`,
  ]);
  expect([...proxy.sessions]).toEqual(expect.arrayContaining(sessions));
  const checks = [...(await shop.checks(first)), ...(await shop.checks(second))];
  expect(checks.map(({ conclusion }) => conclusion)).not.toContain("failure");
  const canaries = proxy.secrets.map((secret, index) => ({ name: `key ${index}`, secret }));
  expect(canaries.length).toBeGreaterThan(5);
  expect(leaks(canaries, [{ name: "check runs", content: JSON.stringify(checks) }])).toEqual([]);
});
