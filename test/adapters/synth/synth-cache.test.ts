import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { bundlesIn } from "../../../adapters/artifacts/bundle-store.ts";
import { keptSynth, type SynthPlaces, synthStore } from "../../../adapters/synth/synth-cache.ts";
import { freshDirectory } from "../../support/directory.ts";

let places: SynthPlaces;

beforeEach(async () => {
  const root = await freshDirectory();
  places = { cache: join(root, "cache"), notes: join(root, "notes") };
});

const kept = (key = "k") => keptSynth(key, places);
const entries = async () => (await readdir(bundlesIn(synthStore(places.cache)))).sort();

async function output(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await freshDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

const files = { "manifest.json": "{}", "stacks/a/cdk.tf.json": '{"a":1}' };

/** What a key gives: its files, or undefined and nothing at all. */
async function restored(key = "k"): Promise<Record<string, string> | undefined> {
  const into = await freshDirectory();
  const isThere = await kept(key).restore(into);
  const names = await readdir(into, { recursive: true });
  if (!isThere) expect(names).toEqual([]);
  const plain = names.filter((name) => name.endsWith(".json"));
  const read = plain.map(async (name) => [name, await readFile(join(into, name), "utf8")] as const);
  return isThere ? Object.fromEntries(await Promise.all(read)) : undefined;
}

describe("what was synthesized", () => {
  test("comes back for its key and for no other", async () => {
    expect(await restored()).toBeUndefined();
    expect(await kept().keep(await output(files))).toEqual([]);
    expect(await restored()).toEqual(files);
    expect(await restored("other")).toBeUndefined();
  });

  test("is kept once, however many keep it at once", async () => {
    await Promise.all(Array.from({ length: 4 }, async () => kept().keep(await output(files))));
    expect(await entries()).toHaveLength(1);
    expect(await readdir(places.notes)).toEqual(["k.json"]);
    expect(await restored()).toEqual(files);
  });

  test.each(["manifest.json", "stacks/a/cdk.tf.json"])(
    "is dropped when a disk has damaged %s, and kept anew",
    async (path) => {
      await kept().keep(await output(files));
      const [digest = ""] = await entries();
      const entry = join(bundlesIn(synthStore(places.cache)), digest, "files", path);
      await writeFile(entry, '{"evil":true}');
      expect(await restored()).toBeUndefined();
      expect(await entries()).toEqual([]);
      expect(await kept().keep(await output(files))).toEqual([]);
      expect(await restored()).toEqual(files);
    },
  );

  test("may be deleted at any time, and so may the memory of it", async () => {
    await kept().keep(await output(files));
    await rm(places.cache, { recursive: true });
    expect(await restored()).toBeUndefined();
    expect(await kept().keep(await output(files))).toEqual([]);
    await rm(places.notes, { recursive: true });
    expect(await restored()).toBeUndefined();
    await kept().keep(await output(files));
    await writeFile(join(places.notes, "k.json"), "{");
    expect(await restored()).toBeUndefined();
  });
});

describe("another output for the same key", () => {
  test("is told by the names of the files that differ", async () => {
    await kept().keep(await output({ ...files, gone: "", same: "" }));
    const other = { ...files, "stacks/a/cdk.tf.json": '{"a":2}', new: "", same: "" };
    expect(await kept().keep(await output(other))).toEqual(["gone", "new", "stacks/a/cdk.tf.json"]);
    expect(await kept().keep(await output(other))).toEqual([]);
  });

  test("is told too when the bytes of the first one are gone", async () => {
    await kept().keep(await output(files));
    await rm(places.cache, { recursive: true });
    expect(await kept().keep(await output({ ...files, "manifest.json": "[]" }))).toEqual(["manifest.json"]);
  });

  test("takes its place", async () => {
    await kept().keep(await output(files));
    await kept().keep(await output({ "manifest.json": "[]" }));
    expect(await restored()).toEqual({ "manifest.json": "[]" });
  });
});
