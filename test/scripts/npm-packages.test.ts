import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installPackages, isInstalled } from "../../scripts/setup/npm-packages.mjs";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "packages-"));
  await depend("one");
});
afterEach(() => rm(directory, { recursive: true }));

/** A project whose dependency is a package beside it, so that no registry is asked. */
async function depend(name: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await write(join(name, "package.json"), { name, version: "1.0.0" });
  await write("package.json", {
    name: "project",
    version: "1.0.0",
    dependencies: { [name]: `file:${name}` },
  });
  await execa("npm", ["install", "--package-lock-only", "--offline"], { cwd: directory });
}

const write = (file: string, content: unknown) => writeFile(join(directory, file), JSON.stringify(content));

test("installs what the lock file asks for, once", async () => {
  expect(await installPackages(directory)).toBe(true);
  expect(JSON.parse(await readFile(join(directory, "node_modules/one/package.json"), "utf8")).name).toBe(
    "one",
  );
  expect(await installPackages(directory)).toBe(false);
});

test("installs again when the lock file changed, or what is installed is not whole", async () => {
  await installPackages(directory);
  await depend("two");
  expect(isInstalled(directory)).toBe(false);
  await installPackages(directory);
  await rm(join(directory, "node_modules/.package-lock.json"));
  expect(await installPackages(directory)).toBe(true);
});

test("packages of other platforms may be absent, others may not", async () => {
  const lock = (entry: object) =>
    write("package-lock.json", { packages: { "": {}, "node_modules/x": { version: "1.0.0", ...entry } } });
  await mkdir(join(directory, "node_modules"));
  await write("node_modules/.package-lock.json", { packages: {} });
  await lock({ optional: true });
  expect(isInstalled(directory)).toBe(true);
  await lock({});
  expect(isInstalled(directory)).toBe(false);
});

test("a lock file that npm refuses is reported with what npm said", async () => {
  await write("package.json", {
    name: "project",
    version: "1.0.0",
    dependencies: { one: "file:one", other: "file:other" },
  });
  await expect(installPackages(directory)).rejects.toMatchObject({
    code: "npm-ci-failed",
    message: expect.stringContaining("EUSAGE"),
    next: expect.stringContaining(`cd ${directory} && npm ci`),
  });
});
