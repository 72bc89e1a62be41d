import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { sha256 } from "../../../adapters/artifacts/bundle-manifest.ts";
import { bundleDigest, loadBundle, putBundle } from "../../../adapters/artifacts/bundle-store.ts";
import { freshDirectory } from "../../support/directory.ts";

const tools = { terraform: "1.11.4", cdktf: "0.24.0" };
const origin = { tools, variables: { PORT: "1", HOST: "shop" } };
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
  expect(await loadBundle(store, await putBundle(store, directory, origin), into)).toEqual(origin);
  for (const [path, content] of Object.entries(files))
    expect(await readFile(join(into, path), "utf8")).toBe(content);
  expect((await stat(join(into, "stacks/a/assets/run.sh"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(into, "manifest.json"))).mode & 0o777).toBe(0o600);
});

test("the digest depends on bytes, names, modes, tools and variables, on neither place nor time", async () => {
  const directory = await tree(files);
  const digest = await putBundle(store, directory, origin);
  await utimes(join(directory, "manifest.json"), 1, 1);
  const turned = { tools: { cdktf: "0.24.0", terraform: "1.11.4" }, variables: { HOST: "shop", PORT: "1" } };
  expect(await putBundle(store, await tree(files), turned)).toBe(digest);
  expect(await bundleDigest(directory, turned)).toBe(digest);
  const others = [
    await putBundle(store, await tree({ ...files, "manifest.json": "{ }" }), origin),
    await putBundle(store, await tree({ ...files, extra: "" }), origin),
    await putBundle(store, directory, { ...origin, tools: { ...tools, terraform: "1.11.5" } }),
    await putBundle(store, directory, { ...origin, variables: { PORT: "2", HOST: "shop" } }),
  ];
  await chmod(join(directory, "stacks/a/assets/run.sh"), 0o755);
  others.push(await putBundle(store, directory, origin));
  expect(new Set([digest, ...others]).size).toBe(6);
});

test("a bundle that was sealed before variables were keeps its digest", async () => {
  const directory = await tree({ only: "" });
  const old = { version: 1, tools, files: [{ path: "only", sha256: sha256(""), executable: false }] };
  const text = `${JSON.stringify({ ...old, tools: { cdktf: "0.24.0", terraform: "1.11.4" } }, null, 1)}\n`;
  expect(await putBundle(store, directory, { tools, variables: {} })).toBe(sha256(text));
  expect(await loadBundle(store, sha256(text), await freshDirectory())).toEqual({ tools, variables: {} });
});

test("many at once store one bundle and leave nothing else", async () => {
  const directory = await tree(files);
  const digests = await Promise.all(Array.from({ length: 5 }, () => putBundle(store, directory, origin)));
  expect(await readdir(join(store.directory, "bundles"))).toEqual([...new Set(digests)]);
});

test("a changed, a missing and an added-to file are found out", async () => {
  const digest = await putBundle(store, await tree(files), origin);
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
  const digest = await putBundle(store, directory, origin);
  await writeFile(stored(digest, "manifest.json"), "damaged");
  expect(await putBundle(store, directory, origin)).toBe(digest);
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
