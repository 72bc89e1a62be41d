import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { bundlePath, loadBundle, putBundle } from "../../../adapters/artifacts/bundle-store.ts";
import { countBundles, pruneBundles } from "../../../adapters/artifacts/prune-bundles.ts";
import { freshDirectory } from "../../support/directory.ts";

let store: { type: "local"; directory: string };

beforeEach(async () => {
  store = { type: "local", directory: await freshDirectory() };
});

/** A bundle, last used so many hours ago. */
async function bundle(content: string, hours: number): Promise<string> {
  const directory = await freshDirectory();
  await writeFile(join(directory, "file"), content);
  const digest = await putBundle(store, directory, { tools: {}, variables: {} });
  const usedAt = Date.now() / 1000 - hours * 3600;
  await utimes(bundlePath(store, digest), usedAt, usedAt);
  return digest;
}

const left = async () => (await readdir(join(store.directory, "bundles"))).sort();

test("what is to be kept stays, what may be about to be recorded too, and the rest goes", async () => {
  const [kept, young] = [await bundle("kept", 100), await bundle("young", 0.5)];
  await bundle("old", 2);
  await mkdir(join(store.directory, "bundles", ".half"));
  await utimes(join(store.directory, "bundles", ".half"), 1, 1);
  expect(await countBundles(store)).toBe(4);
  expect(await pruneBundles(store, new Set([kept]))).toBe(2);
  expect(await left()).toEqual([kept, young].sort());
});

test("a bundle that was read or sealed again is young again", async () => {
  const [read, sealed] = [await bundle("read", 100), await bundle("sealed", 100)];
  await loadBundle(store, read, await freshDirectory());
  const same = await freshDirectory();
  await writeFile(join(same, "file"), "sealed");
  expect(await putBundle(store, same, { tools: {}, variables: {} })).toBe(sealed);
  expect(await pruneBundles(store, new Set())).toBe(0);
});

test("a store that was never used holds nothing", async () => {
  expect(await countBundles(store)).toBe(0);
  expect(await pruneBundles(store, new Set())).toBe(0);
});
