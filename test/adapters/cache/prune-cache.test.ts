import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { setAside } from "../../../adapters/cache/entry.ts";
import { createCachePruner } from "../../../adapters/cache/prune-cache.ts";
import { freshDirectory } from "../../support/directory.ts";

let cache: string;

beforeEach(async () => {
  cache = await freshDirectory();
});

const kib = 1024;

/** An entry of so many KiB that was used so many hours ago. */
async function entry(path: string, size: number, hours: number): Promise<void> {
  const isFile = path.endsWith(".json");
  const file = isFile ? join(cache, path) : join(cache, path, "deep", "file");
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, Buffer.alloc(size * kib, "x"));
  const usedAt = Date.now() / 1000 - hours * 3600;
  await utimes(join(cache, path), usedAt, usedAt);
}

const left = async (part: string) => (await readdir(join(cache, part))).sort();

test("a cache within its limit is left alone, and so is none at all", async () => {
  await entry("dependencies/a", 100, 5);
  expect(await createCachePruner(cache, 200 * kib)()).toBe(0);
  expect(await left("dependencies")).toEqual(["a"]);
  await rm(cache, { recursive: true });
  expect(await createCachePruner(cache, 0)()).toBe(0);
});

test("what was used longest ago goes first, whatever it is, and no more than must", async () => {
  await entry("dependencies/old", 100, 9);
  await entry("synth/bundles/older", 100, 10);
  await entry("npm", 100, 8);
  await entry("init/oldest.json", 100, 11);
  await entry("providers/older", 100, 12);
  await entry("dependencies/young", 100, 2);
  await entry("synth/bundles/younger", 100, 1.5);
  expect(await createCachePruner(cache, 350 * kib)()).toBe(4);
  expect(await left(".")).toContain("npm");
  const lists = await Promise.all(
    ["dependencies", "synth/bundles", "init", "providers", "removed"].map(left),
  );
  expect(lists).toEqual([["young"], ["younger"], [], [], []]);
});

test("what may be in use stays, however large", async () => {
  await entry("dependencies/used", 500, 0.5);
  await entry("dependencies/old", 10, 2);
  expect(await createCachePruner(cache, 100 * kib)()).toBe(1);
  expect(await left("dependencies")).toEqual(["used"]);
});

test("what was set aside goes once nobody can be using it any more", async () => {
  await entry("dependencies/a", 1, 0);
  await entry("dependencies/b", 1, 0);
  await setAside(cache, join(cache, "dependencies", "a"));
  const aside = await setAside(cache, join(cache, "dependencies", "b"));
  await utimes(aside, 1, 1);
  const prune = createCachePruner(cache, 1000 * kib);
  await prune();
  expect(await left("removed")).toHaveLength(1);
});

test("an entry that is not there is set aside without a word", async () => {
  await setAside(cache, join(cache, "dependencies", "none"));
});

test("npm's own cache is weighed anew each time, since it grows", async () => {
  await entry("npm", 10, 3);
  await entry("dependencies/a", 100, 4);
  const prune = createCachePruner(cache, 300 * kib);
  expect(await prune()).toBe(0);
  await entry("npm", 250, 3);
  expect(await prune()).toBe(1);
  expect(await left("dependencies")).toEqual([]);
});

test("several at once remove each entry once", async () => {
  for (const name of ["a", "b", "c", "d"]) await entry(`dependencies/${name}`, 10, 2);
  await Promise.all(Array.from({ length: 3 }, () => createCachePruner(cache, 0)()));
  expect(await left("dependencies")).toEqual([]);
});
