import { lstat, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockFile } from "../../../adapters/terraform/init-digest.ts";
import { findProviderMirror, isProviderMirror } from "../../../adapters/terraform/provider-mirror.ts";
import { apply, init, plan } from "../../../adapters/terraform/terraform.ts";
import type { StackWorkspace, TerraformTools } from "../../../adapters/terraform/workspace.ts";
import { freshDirectory } from "../../support/directory.ts";
import { fakeMirror, fakeSource } from "./support/fake-provider.ts";
import { makeWorkspace, terraformHere } from "./support/machine.ts";
import { startMirror } from "./support/mirror-server.ts";

const { signal } = new AbortController();

let base: TerraformTools;
beforeAll(async () => {
  base = await terraformHere();
});

let root: string;
let mirror: string;
beforeEach(async () => {
  [root, mirror] = await Promise.all([freshDirectory(), fakeMirror()]);
});

const withProvider = {
  terraform: { required_providers: { fake: { source: "acme/fake", version: "1.0.0" } } },
};

const readLock = ({ directory }: StackWorkspace) => readFile(join(directory, lockFile), "utf8");

/** Where the provider of an initialised stack is. */
async function installedIn({ run }: StackWorkspace): Promise<string> {
  const version = join(run, "data", "providers", fakeSource, "1.0.0");
  const [platform = ""] = await readdir(version);
  return join(version, platform);
}

/** All that a directory holds, and when it was written. */
async function stateOf(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  const times = names.map(async (name) => `${name} ${(await lstat(join(directory, name))).mtimeMs}`);
  return (await Promise.all(times)).sort();
}

describe("a directory of providers", () => {
  it("serves several inits at once, which link to it and leave it as it is", async () => {
    const tools = { ...base, providerMirror: await findProviderMirror(mirror) };
    const before = await stateOf(mirror);
    const all = [1, 2, 3, 4].map(() => makeWorkspace(root, withProvider, tools));
    const workspaces = await Promise.all(all);
    await Promise.all(workspaces.map((workspace) => init(workspace, tools, signal)));
    for (const workspace of workspaces)
      expect((await readlink(await installedIn(workspace))).startsWith(mirror)).toBe(true);
    expect(await stateOf(mirror)).toEqual(before);
  });

  it("is bound by the lock file", async () => {
    const tools = { ...base, providerMirror: await findProviderMirror(mirror) };
    const first = await makeWorkspace(root, withProvider, tools);
    await init(first, tools, signal);
    const lock = await readLock(first);
    const second = await makeWorkspace(root, withProvider, tools, lock);
    await init(second, tools, signal);
    expect(await readLock(second)).toBe(lock);
    const other = lock.replace(/h1:.{8}/, "h1:AAAAAAAA");
    const third = await makeWorkspace(root, withProvider, tools, other);
    await expect(init(third, tools, signal)).rejects.toThrow("checksums");
  });

  it.runIf(process.platform === "linux")("can't be written by what is applied", async () => {
    const tools = { ...base, providerMirror: await findProviderMirror(mirror) };
    const before = await stateOf(mirror);
    const command = `touch ${mirror}/planted; rm -rf ${mirror}/*; ls ${mirror} > listed`;
    const thing = { provisioner: [{ "local-exec": { command } }] };
    const hostile = { resource: { terraform_data: { thing } } };
    const workspace = await makeWorkspace(root, hostile, tools);
    await init(workspace, tools, signal);
    const summary = await plan(workspace, tools, { signal, lockTimeout: 10 });
    await apply(workspace, summary, tools, { signal, lockTimeout: 10, onProgress: () => undefined });
    expect(await readFile(join(workspace.directory, "listed"), "utf8")).toBe("registry.terraform.io\n");
    expect(await stateOf(mirror)).toEqual(before);
  });

  it("has init run again once a provider is gone that a kept one links to", async () => {
    const initCache = join(root, "cache");
    const tools = { ...base, initCache, providerMirror: await findProviderMirror(mirror) };
    const [first, second] = [
      await makeWorkspace(root, withProvider, tools),
      await makeWorkspace(root, withProvider, tools),
    ];
    await init(first, tools, signal);
    await init(second, tools, signal);
    expect(await readdir(second.run)).not.toContain("init");
    await rm(join(mirror, "registry.terraform.io"), { recursive: true });
    const third = await makeWorkspace(root, withProvider, tools);
    await expect(init(third, tools, signal)).rejects.toThrow("acme/fake");
  });
});

describe("a mirror by https", () => {
  it("is asked in place of the registry", async () => {
    await using server = await startMirror();
    const providerMirror = await findProviderMirror(server.url);
    const variables = { ...process.env, ...server.variables };
    const workspace = await makeWorkspace(root, withProvider, { providerMirror });
    await init(workspace, { ...base, variables, providerMirror }, signal);
    expect(await readdir(await installedIn(workspace))).toEqual(["terraform-provider-fake_v1.0.0"]);
  });
});

describe("the setting", () => {
  it.each(["/srv/providers", "providers", "https://mirror.example/", "https://mirror.example/a"])(
    "may be %s",
    (text) => expect(isProviderMirror(text)).toBe(true),
  );

  it.each([
    "http://mirror.example/",
    "https://user:word@mirror.example/",
    "https://",
    "s3://bucket/providers",
  ])("must not be %s", (text) => expect(isProviderMirror(text)).toBe(false));

  it("may lead to the directory by a link", async () => {
    await symlink(mirror, join(root, "link"));
    expect(await findProviderMirror(join(root, "link"))).toEqual({ type: "directory", path: mirror });
  });

  it.each(["missing", "a-file"])("must not name what is no directory: %s", async (name) => {
    await writeFile(join(root, "a-file"), "");
    await expect(findProviderMirror(join(root, name))).rejects.toMatchObject({
      code: "provider-mirror-missing",
      source: "service",
    });
  });
});
