import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundlePath } from "../../../adapters/artifacts/bundle-store.ts";
import type { Remark } from "../../../promotion/report/remarks.ts";
import { type AwsWorld, makeAwsWorld, useAws } from "./support/aws.ts";
import { artifactBucket } from "./support/bucket.ts";
import { applied, results } from "./support/outcome.ts";

useAws();

/** The sealed files of a deployed app of one stack, by what is in them: no two tests share a file in the bucket. */
const app = (stack: string, input = "one") => ({ [stack]: { input, outputs: { of: `${stack} ${input}` } } });

/** Below which name the bucket keeps the stack's file. */
async function fileOf(bundle: string, stack: string): Promise<string> {
  const { files } = JSON.parse(await artifactBucket().read(`bundles/${bundle}.json`));
  const found = files.find(({ path }: { path: string }) => path === `stacks/${stack}/cdk.tf.json`);
  return `files/${found.sha256}`;
}

/** A deployment whose bundle is in the bucket, and not on the second machine. */
async function deployedElsewhere(stack: string): Promise<{ here: AwsWorld; bundle: string }> {
  const { bundle } = applied(await (await makeAwsWorld()).deploy(app(stack)));
  return { here: await makeAwsWorld(), bundle };
}

test("a machine rolls back to what another one deployed, byte by byte", async () => {
  const { here, bundle } = await deployedElsewhere("moved");
  applied(await here.deploy(app("moved", "two")));
  const back = applied(await here.deployWith({ bundle }));
  expect([back.bundle, results(back)]).toEqual([bundle, { moved: "applied" }]);
  expect(await here.object("moved.tfstate")).toContain('"one"');
  await readdir(bundlePath(here.input({}).store, bundle));
});

test("what a disk has damaged is replaced from the bucket", async () => {
  const world = await makeAwsWorld();
  const { bundle } = applied(await world.deploy(app("rotten")));
  const file = join(bundlePath(world.input({}).store, bundle), "files", "stacks/rotten/cdk.tf.json");
  await writeFile(file, "{}");
  expect(applied(await world.deployWith({ bundle })).bundle).toBe(bundle);
});

test.each(["removed", "forged"])("a file that was %s in the bucket is not applied", async (how) => {
  const { here, bundle } = await deployedElsewhere(how);
  const file = await fileOf(bundle, how);
  await (how === "removed" ? artifactBucket().remove(file) : artifactBucket().write(file, "{}"));
  const failed = await here.deployWith({ bundle });
  expect(failed).toMatchObject({ kind: "failed", failure: { code: "bundle-damaged" } });

  // Whoever synthesizes it again makes the copy good.
  expect(applied(await here.deploy(app(how))).bundle).toBe(bundle);
  applied(await (await makeAwsWorld()).deployWith({ bundle }));
});

test("a bundle that nobody has is said to be missing", async () => {
  const world = await makeAwsWorld();
  const failed = await world.deployWith({ bundle: "0".repeat(64) });
  expect(failed).toMatchObject({ kind: "failed", failure: { code: "bundle-missing" } });
});

test("a bucket that can't be used fails no apply: the check run says so, and the next deployment copies", async () => {
  const world = await makeAwsWorld();
  const remarks: Remark[] = [];
  const io = { remark: (remark: Remark) => void remarks.push(remark) };
  const { binding } = world.input({});
  const artifacts = { ...artifactBucket().place, bucket: "nobody-has-this-bucket" };
  const first = applied(await world.deploy(app("owed"), { binding: { ...binding, artifacts }, io }));
  expect(remarks).toEqual([
    { kind: "bundle-not-copied", reason: expect.stringContaining("nobody-has-this-bucket can't be used") },
  ]);
  const second = applied(await world.deploy(app("owed", "two")));
  const manifests = await artifactBucket().names("bundles/");
  for (const { bundle } of [first, second]) expect(manifests).toContain(`bundles/${bundle}.json`);
  expect(await readdir(join(world.input({}).store.directory, "uncopied"))).toEqual([]);
});

test("what is owed and not here any more is forgotten", async () => {
  const world = await makeAwsWorld();
  const { binding, store } = world.input({});
  const artifacts = { ...artifactBucket().place, bucket: "nobody-has-this-bucket" };
  const gone = applied(await world.deploy(app("pruned"), { binding: { ...binding, artifacts } }));
  await rm(bundlePath(store, gone.bundle), { recursive: true });
  applied(await world.deploy(app("pruned", "two")));
  expect(await readdir(join(store.directory, "uncopied"))).toEqual([]);
});

test("a look stores nothing", async () => {
  const world = await makeAwsWorld();
  const before = await artifactBucket().names("bundles/");
  expect(await world.deploy(app("looked"), { mode: "whatif" })).toMatchObject({ kind: "stopped" });
  expect(await artifactBucket().names("bundles/")).toEqual(before);
});
