import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { readAppConfig } from "../../../adapters/synth/app-config.ts";
import { readDependencies } from "../../../adapters/synth/dependencies.ts";
import { freshDirectory } from "../../support/directory.ts";

let checkout: string;

beforeEach(async () => {
  checkout = await freshDirectory();
});

const write = (file: string, content: unknown) =>
  writeFile(join(checkout, file), typeof content === "string" ? content : JSON.stringify(content));

test("the command and the context are read as the cdktf command reads them", async () => {
  const terraformModules = ["./modules/a", { name: "b", source: "../b" }, "terraform-aws-modules/vpc/aws"];
  await write("cdktf.json", {
    app: "node main.js",
    language: "typescript",
    context: { key: 1 },
    terraformModules,
  });
  expect(await readAppConfig(checkout)).toEqual({
    command: ["node", "main.js"],
    context: { key: 1, cdktfRelativeModules: ["./modules/a", "../b"] },
  });
});

test.each([
  ["{", "app-invalid"],
  ["[]", "app-invalid"],
  [{ language: "typescript" }, "app-invalid"],
  [{ app: 7 }, "app-invalid"],
  [{ app: "pipenv run python main.py", language: "python" }, "language-unsupported"],
  [{ app: "node a && node b" }, "command-refused"],
  [" ".repeat(300_000), "file-refused"],
])("refused: %#", async (content, code) => {
  await write("cdktf.json", content);
  await expect(readAppConfig(checkout)).rejects.toMatchObject({ code, source: "user" });
});

test("a commit without an app is refused", async () => {
  await expect(readAppConfig(checkout)).rejects.toMatchObject({ code: "app-missing" });
});

test("a link is never followed, a directory and a pipe never read", async () => {
  await symlink("/etc/passwd", join(checkout, "cdktf.json"));
  await expect(readAppConfig(checkout)).rejects.toMatchObject({ code: "file-refused" });
  await mkdir(join(checkout, "package.json"));
  await expect(readDependencies(checkout)).rejects.toMatchObject({ code: "file-refused" });
  const other = await freshDirectory();
  execFileSync("mkfifo", [join(other, "package.json")]);
  await expect(readDependencies(other)).rejects.toMatchObject({ code: "file-refused" });
});

test("without dependencies there is nothing to install", async () => {
  expect(await readDependencies(checkout)).toBeUndefined();
  await write("package.json", { name: "x", dependencies: {} });
  expect(await readDependencies(checkout)).toBeUndefined();
});

test("what is installed depends on package.json and its lock only", async () => {
  const digest = async () => (await readDependencies(checkout))?.digest;
  await write("package.json", { dependencies: { a: "1" } });
  await write("package-lock.json", "{}");
  const first = await digest();
  await write(".npmrc", "registry=http://evil.example");
  expect(await digest()).toBe(first);
  await write("package-lock.json", "{ }");
  expect(await digest()).not.toBe(first);
});

test.each([
  [undefined, "lock-missing"],
  ["yarn.lock", "package-manager-unsupported"],
  ["pnpm-lock.yaml", "package-manager-unsupported"],
])("dependencies locked by %s are refused", async (lock, code) => {
  await write("package.json", { devDependencies: { a: "1" } });
  if (lock !== undefined) await write(lock, "");
  await expect(readDependencies(checkout)).rejects.toMatchObject({ code, source: "user" });
});

test("a package.json that is none is refused", async () => {
  await write("package.json", "{");
  await expect(readDependencies(checkout)).rejects.toMatchObject({ code: "package-invalid" });
});
