import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { detectSandbox } from "../../adapters/sandbox/detect.ts";
import type { Sandbox } from "../../adapters/sandbox/sandbox.ts";
import { refuseGitDependencies } from "../../adapters/synth/git-dependencies.ts";
import { install } from "../../adapters/synth/install.ts";
import { serveOverHttp } from "../adapters/git/http-remote.ts";
import { freshDirectory } from "../support/directory.ts";
import { createRemote } from "../support/git.ts";

/** Writes into the npm cache, the one place that every install may fill and that outlives it. */
const trace = 'echo it-ran >"$npm_config_cache/trace"';
const scripts = { preinstall: trace, install: trace, postinstall: trace, prepare: trace };

let cache: string;
let downloads: Server;
let tarball: Buffer;
let tarballUrl: string;

beforeAll(async () => {
  cache = await freshDirectory();
  tarball = await pack();
  downloads = createServer((_, response) => response.end(tarball)).listen(0, "127.0.0.1");
  await new Promise((resolve) => downloads.once("listening", resolve));
  tarballUrl = `http://127.0.0.1:${(downloads.address() as AddressInfo).port}/hostile-1.0.0.tgz`;
});

afterAll(() => new Promise((resolve) => downloads.close(resolve)));

/** A package with every script that npm knows for an install, and a build file that makes npm build it. */
async function pack(): Promise<Buffer> {
  const directory = await freshDirectory();
  await mkdir(join(directory, "package"));
  const manifest = JSON.stringify({ name: "hostile", version: "1.0.0", scripts });
  await writeFile(join(directory, "package", "package.json"), manifest);
  await writeFile(join(directory, "package", "binding.gyp"), "{}");
  await writeFile(join(directory, "package", ".npmrc"), "ignore-scripts=false\n");
  await execa("tar", ["-czf", "hostile.tgz", "package"], { cwd: directory });
  return await readFile(join(directory, "hostile.tgz"));
}

/** Installs one dependency; gives its node_modules. */
async function installFrom(origin: string, integrity?: string): Promise<string> {
  const manifest = { name: "app", version: "1.0.0", dependencies: { hostile: origin }, scripts };
  const entry = {
    version: "1.0.0",
    resolved: origin,
    ...(integrity && { integrity }),
    hasInstallScript: true,
  };
  const packages = { "": manifest, "node_modules/hostile": entry };
  const lock = { name: "app", version: "1.0.0", lockfileVersion: 3, packages };
  const dependencies = {
    manifest: JSON.stringify(manifest),
    lock: JSON.stringify(lock),
    digest: randomUUID(),
  };
  const sandbox = await detectSandbox(process.platform === "linux" ? "required" : "off");
  return await install(dependencies, { cache, sandbox, variables: process.env });
}

const traces = async () => (await readdir(join(cache, "npm"))).filter((name) => name === "trace");

test("no script of a package or of the app runs while it is installed", async () => {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const modules = await installFrom(tarballUrl, integrity);
  expect(await readdir(modules)).toContain("hostile");
  expect(await traces()).toEqual([]);
});

test("npm itself is told to fetch nothing by git, whose settings and scripts it would obey", async () => {
  const remote = await createRemote();
  const manifest = {
    name: "hostile",
    version: "1.0.0",
    scripts,
    dependencies: { more: "git+http://127.0.0.1:1/more" },
  };
  const commit = await remote.commit({
    files: {
      "package.json": JSON.stringify(manifest),
      ".npmrc": "git=./git.sh\nignore-scripts=false\n",
      "git.sh": { mode: "100755", content: `#!/bin/sh\n${trace}\n` },
    },
    branches: ["main"],
  });
  const served = await serveOverHttp(remote, async () => true);
  await expect(installFrom(`git+${served.url}#${commit}`)).rejects.toThrow("npm error");
  await served.close();
  expect(await traces()).toEqual([]);
  expect(served.authorizations).toEqual([]);
});

test.each([
  "git+https://example.com/a.git",
  "git+ssh://git@github.com/acme/a.git#main",
  "git://example.com/a",
  "git@example.com:acme/a.git",
  "ssh://git@example.com/a",
  "github:acme/a",
  "gitlab:acme/a",
  "gist:11081aaa281",
  "acme/a",
  "acme/a#semver:^1",
  "https://github.com/acme/a",
  "https://github.com/acme/-/a.tgz",
  "https://www.github.com/acme/a.git",
  "HTTPS://GitHub.com/acme/a",
  "https://gitlab.com/acme/a",
])("a dependency from git is refused before npm is started: %s", (origin) => {
  for (const file of whereNamed(origin)) {
    expect(() => refuseGitDependencies({}, file)).toThrow(
      expect.objectContaining({ code: "dependency-refused" }),
    );
  }
});

test.each([
  "1.2.3",
  "^1.0.0 || >=2 <3 - x",
  "latest",
  "",
  "npm:@acme/a@^1.0.0",
  "file:../a",
  "./a",
  "$a",
  "https://registry.npmjs.org/a/-/a-1.0.0.tgz",
  "http://127.0.0.1:4873/a/-/a-1.0.0.tgz",
  "https://npm.pkg.github.com/download/@acme/a/1.0.0/0123456789abcdef",
  "https://gitlab.com/api/v4/projects/1/packages/npm/@acme/a/-/@acme/a-1.0.0.tgz",
])("a dependency from elsewhere is not: %j", (origin) => {
  expect(() => refuseGitDependencies(...whereNamed(origin))).not.toThrow();
});

/** Package files that name an origin in each place that npm looks at. */
function whereNamed(origin: string): readonly unknown[] {
  return [
    { devDependencies: { a: origin } },
    { overrides: { a: { b: origin } } },
    { packages: { "node_modules/a": { resolved: origin } } },
    { packages: { "node_modules/a": { version: origin } } },
    { packages: { "node_modules/b": { optionalDependencies: { a: origin } } } },
    { dependencies: { b: { version: "1.0.0", dependencies: { a: { version: origin } } } } },
  ];
}

test("what an install left in the place of node_modules is not shown to synth", async () => {
  const unconfined = await detectSandbox("off");
  const swap = ["-c", "rmdir node_modules && ln -s / node_modules"];
  const sandbox: Sandbox = {
    ...unconfined,
    wrap: (command) => ({ ...unconfined.wrap(command), file: "/bin/sh", args: swap }),
  };
  const dependencies = { manifest: "{}", lock: "{}", digest: "swapped" };
  await expect(install(dependencies, { cache, sandbox, variables: process.env })).rejects.toMatchObject({
    code: "install-failed",
  });
  await expect(readdir(join(cache, "dependencies"))).resolves.not.toContain("swapped");
});
