import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type BundleStore, loadBundle, putBundle } from "../../../adapters/artifacts/bundle-store.ts";
import { assumeRole } from "../../../adapters/aws/assume-role.ts";
import { downloadBundle, uploadBundle } from "../../../adapters/aws/bundle-copies.ts";
import { type ObjectStore, openObjectStore } from "../../../adapters/aws/object-store.ts";
import type { Phase } from "../../../adapters/aws/session-request.ts";
import { type Installation, install, ownerIn } from "../../infra-core/aws/support/installation.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type Moto, motoAccount, startMoto } from "../../support/moto.ts";

const bucket = `waymark-dev-files-${motoAccount}`;
const origin = { tools: { terraform: "1.11.4" }, variables: {} };

let moto: Moto;
let installation: Installation;
beforeAll(async () => {
  moto = await startMoto();
  installation = await install(moto);
});
afterAll(() => moto.close());

let store: BundleStore;
beforeEach(async () => {
  for (const [name, value] of Object.entries(installation.service)) vi.stubEnv(name, value);
  await moto.authorize(true);
  store = await freshStore();
});
afterEach(async () => {
  await moto.authorize(false);
  vi.unstubAllEnvs();
});

const freshStore = async (): Promise<BundleStore> => ({ type: "local", directory: await freshDirectory() });

/** What a session of a phase can do with dev's artifacts. */
async function objects(phase: Phase): Promise<ObjectStore> {
  const owner = ownerIn(installation, "dev");
  const { artifacts } = owner.binding;
  if (artifacts.type !== "s3") throw new Error("dev's artifacts are not in S3");
  return await openObjectStore(artifacts, await assumeRole(owner, phase, 60));
}

/** A sealed bundle of these files; gives its digest. */
async function seal(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await freshDirectory();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content);
  }
  return await putBundle(store, directory, origin);
}

/** All versions of what the bucket holds under names that begin so, as the admin. */
async function versions(prefix: string) {
  await moto.authorize(false);
  const { Versions = [] } = await new S3Client().send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: `acme/Shop/${prefix}` }),
  );
  return Versions;
}

test("a bundle comes back byte by byte, also to a machine that never saw it", async () => {
  const names = ["manifest.json", "stacks/network/cdk.tf.json", "assets/späße ?#%/a.bin"];
  const digest = await seal(Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
  await uploadBundle(store, digest, await objects("apply"));
  const elsewhere = await freshStore();
  await Promise.all([1, 2].map(async () => downloadBundle(elsewhere, digest, await objects("plan"))));
  const into = await freshDirectory();
  expect(await loadBundle(elsewhere, digest, into)).toEqual(origin);
  for (const name of names) expect(await readFile(path.join(into, name), "utf8")).toBe(`content of ${name}`);
});

test("what is there already is not written again, and bundles share what did not change", async () => {
  const apply = await objects("apply");
  const first = await seal({ same: "shared by both", other: "one" });
  const second = await seal({ same: "shared by both", other: "two" });
  for (const digest of [first, second, first]) await uploadBundle(store, digest, apply);
  for (const digest of [first, second]) expect(await versions(`bundles/${digest}`)).toHaveLength(1);
  const written = (await versions("files/")).map(({ Key }) => Key);
  expect(new Set(written).size).toBe(written.length);
});

test("a bundle that is not whole is not taken", async () => {
  const digest = await seal({ file: "what was sealed" });
  await uploadBundle(store, digest, await objects("apply"));
  const [sealed] = (await versions("files/")).filter(({ Size }) => Size === "what was sealed".length);
  await new S3Client().send(new PutObjectCommand({ Bucket: bucket, Key: sealed?.Key ?? "", Body: "forged" }));
  await moto.authorize(true);
  const elsewhere = await freshStore();
  const damaged = { code: "bundle-damaged", message: expect.stringContaining("file is not what was sealed") };
  await expect(downloadBundle(elsewhere, digest, await objects("plan"))).rejects.toMatchObject(damaged);
  expect(await readdir(path.join(elsewhere.directory, "bundles"))).toEqual([]);
});

test.each(["0".repeat(64), "../../acme/site/bundles/1", ""])("there is no bundle %j", async (digest) => {
  await expect(downloadBundle(store, digest, await objects("plan"))).rejects.toMatchObject({
    code: "bundle-missing",
  });
});

test("a session that only looks can't store one", async () => {
  const digest = await seal({ file: "from a plan" });
  await expect(uploadBundle(store, digest, await objects("plan"))).rejects.toMatchObject({
    code: "store-refused",
    class: "credentials",
  });
});
