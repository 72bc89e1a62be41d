import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { watchRegistry } from "../../../adapters/registry/watch.ts";
import { registryFixture } from "./registry-fixture.ts";

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "registry-"));
  file = join(directory, "registry.json");
  await write(registryFixture());
});
afterEach(() => rm(directory, { recursive: true }));

async function write(registry: unknown): Promise<void> {
  await writeFile(`${file}.draft`, JSON.stringify(registry), { mode: 0o600 });
  await rename(`${file}.draft`, file);
}

test("reads a registry from its file", async () => {
  expect((await loadRegistry(file)).repositories).toHaveLength(2);
});

test("a file that is missing says what to do", async () => {
  await expect(loadRegistry(join(directory, "none.json"))).rejects.toMatchObject({
    code: "registry-missing",
    next: expect.stringContaining("WAYMARK_REGISTRY"),
  });
});

test("a file that others may write is not believed", async () => {
  await chmod(file, 0o620);
  await expect(loadRegistry(file)).rejects.toMatchObject({ code: "registry-writable" });
});

test("a change on disk is picked up, without a change nothing is read again", async () => {
  const current = watchRegistry(file);
  const first = await current();
  expect(await current()).toBe(first);
  const { repositories, ...rest } = registryFixture();
  await write({ ...rest, repositories: [...repositories, { id: 3, fullName: "acme/new" }] });
  expect((await current()).repositories).toHaveLength(3);
});

test("a change that breaks the file is an error until it is mended", async () => {
  const current = watchRegistry(file);
  await current();
  await write({});
  await expect(current()).rejects.toMatchObject({ code: "registry-invalid" });
  await write(registryFixture());
  expect((await current()).repositories).toHaveLength(2);
});
