import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { loadBundle, putBundle } from "../../../adapters/artifacts/bundle-store.ts";
import { freshDirectory } from "../../support/directory.ts";

const tools = { terraform: "1.11.4", cdktf: "0.24.0" };
let store: { type: "local"; directory: string };

beforeEach(async () => {
  store = { type: "local", directory: await freshDirectory() };
});

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await freshDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

const files = { "manifest.json": "{}", "stacks/a/cdk.tf.json": "{}", "stacks/a/assets/run.sh": "echo hi" };
const stored = (digest: string, path: string) => join(store.directory, "bundles", digest, "files", path);

test("a bundle comes back byte for byte, programs still programs", async () => {
  const directory = await tree(files);
  await chmod(join(directory, "stacks/a/assets/run.sh"), 0o755);
  const into = await freshDirectory();
  expect(await loadBundle(store, await putBundle(store, directory, tools), into)).toEqual(tools);
  for (const [path, content] of Object.entries(files))
    expect(await readFile(join(into, path), "utf8")).toBe(content);
  expect((await stat(join(into, "stacks/a/assets/run.sh"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(into, "manifest.json"))).mode & 0o777).toBe(0o600);
});

test("the digest depends on bytes, names, modes and tools, on neither place nor time", async () => {
  const directory = await tree(files);
  const digest = await putBundle(store, directory, tools);
  await utimes(join(directory, "manifest.json"), 1, 1);
  expect(await putBundle(store, await tree(files), { cdktf: "0.24.0", terraform: "1.11.4" })).toBe(digest);
  const others = [
    await putBundle(store, await tree({ ...files, "manifest.json": "{ }" }), tools),
    await putBundle(store, await tree({ ...files, extra: "" }), tools),
    await putBundle(store, directory, { ...tools, terraform: "1.11.5" }),
  ];
  await chmod(join(directory, "stacks/a/assets/run.sh"), 0o755);
  others.push(await putBundle(store, directory, tools));
  expect(new Set([digest, ...others]).size).toBe(5);
});

test("many at once store one bundle and leave nothing else", async () => {
  const directory = await tree(files);
  const digests = await Promise.all(Array.from({ length: 5 }, () => putBundle(store, directory, tools)));
  expect(await readdir(join(store.directory, "bundles"))).toEqual([...new Set(digests)]);
});

test("a changed, a missing and an added-to file are found out", async () => {
  const digest = await putBundle(store, await tree(files), tools);
  await writeFile(stored(digest, "stacks/a/cdk.tf.json"), '{"evil":true}');
  await expect(loadBundle(store, digest, await freshDirectory())).rejects.toMatchObject({
    code: "bundle-damaged",
    message: expect.stringContaining("stacks/a/cdk.tf.json"),
  });
  await writeFile(join(store.directory, "bundles", digest, "manifest.json"), "{}");
  await expect(loadBundle(store, digest, await freshDirectory())).rejects.toMatchObject({
    code: "bundle-damaged",
  });
});

test("storing again repairs a damaged bundle", async () => {
  const directory = await tree(files);
  const digest = await putBundle(store, directory, tools);
  await writeFile(stored(digest, "manifest.json"), "damaged");
  expect(await putBundle(store, directory, tools)).toBe(digest);
  await loadBundle(store, digest, await freshDirectory());
  expect(await readdir(join(store.directory, "bundles"))).toEqual([digest]);
});

test.each(["0".repeat(64), "../../../etc", ""])(
  "a bundle that is not there is missing: %j",
  async (digest) => {
    await expect(loadBundle(store, digest, await freshDirectory())).rejects.toMatchObject({
      code: "bundle-missing",
    });
  },
);
