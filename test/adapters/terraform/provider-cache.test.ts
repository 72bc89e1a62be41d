import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { lockFile } from "../../../adapters/terraform/init-digest.ts";
import { pinnedProviders } from "../../../adapters/terraform/pinned-providers.ts";
import { providerEntry } from "../../../adapters/terraform/provider-entry.ts";
import { apply, init, plan } from "../../../adapters/terraform/terraform.ts";
import type { TerraformTools } from "../../../adapters/terraform/workspace.ts";
import { freshDirectory } from "../../support/directory.ts";
import { terraformHere } from "./support/machine.ts";
import { startMirror } from "./support/mirror-server.ts";
import { linkIn, pinningWorkspace, sharingMachine, wanting } from "./support/shared-providers.ts";

const { signal } = new AbortController();

let base: TerraformTools;
beforeAll(async () => {
  base = await terraformHere();
});

let root: string;
beforeEach(async () => {
  root = await freshDirectory();
});

test("inits at once fetch a pinned provider once and link to it, later ones without any server", async () => {
  let tools: TerraformTools;
  {
    await using server = await startMirror();
    tools = await sharingMachine(base, root, server);
    const stacks = await Promise.all([1, 2, 3, 4].map(() => pinningWorkspace(root, wanting("1.0.0"), tools)));
    await Promise.all(stacks.map((stack) => init(stack, tools, signal)));
    expect(server.archives).toHaveLength(1);
    const links = new Set(await Promise.all(stacks.map(linkIn)));
    expect([...links]).toEqual([expect.stringContaining(join(root, "cache"))]);
  }
  const later = await pinningWorkspace(root, wanting("= 1.0.0"), tools);
  await init(later, tools, signal);
  expect(await linkIn(later)).toContain(join(root, "cache"));
  expect(await readdir(join(root, "cache"))).toHaveLength(1);
});

test("what came from a registry is linked to without asking it again", async () => {
  await using server = await startMirror();
  const tools = await sharingMachine(base, root, server);
  await init(await pinningWorkspace(root, wanting("1.0.0"), tools), tools, signal);
  const [fetched = ""] = await readdir(join(root, "cache"));
  const withoutMirror = { ...tools, providerMirror: undefined };
  const workspace = await pinningWorkspace(root, wanting("1.0.0"), withoutMirror);
  const entries = (workspace.providers ?? []).flatMap((one) => providerEntry(one, withoutMirror) ?? []);
  expect(entries).toHaveLength(1);
  // As if the registry had given it, which can't be reached from everywhere.
  for (const entry of entries) await rename(join(root, "cache", fetched), entry);
  await init(workspace, withoutMirror, signal);
  expect(await linkIn(workspace)).toContain(entries[0]);
});

test("a lock file decides: what it knows is linked to, anything else is not", async () => {
  await using server = await startMirror();
  const tools = await sharingMachine(base, root, server);
  const first = await pinningWorkspace(root, wanting("1.0.0"), tools);
  await init(first, tools, signal);
  const lock = await readFile(join(first.directory, lockFile), "utf8");
  const locked = await pinningWorkspace(root, wanting("~> 1.0"), tools, lock);
  await init(locked, tools, signal);
  expect(await linkIn(locked)).toContain(join(root, "cache"));
  expect(server.archives).toHaveLength(1);

  const other = await pinningWorkspace(root, wanting("1.0.0"), tools, lock.replace(/h1:.{8}/, "h1:AAAAAAAA"));
  await expect(init(other, tools, signal)).rejects.toThrow("checksums");
  expect(server.archives).toHaveLength(2);
});

test.each([
  ["a version that is not exact", "~> 1.0", false],
  ["a deployment that trusts no cache", "1.0.0", true],
])("%s has its own copy", async (_, version, freshInit) => {
  await using server = await startMirror();
  const tools = { ...(await sharingMachine(base, root, server)), freshInit };
  const workspace = await pinningWorkspace(root, wanting(version), tools);
  await init(workspace, tools, signal);
  expect(await linkIn(workspace)).toBeUndefined();
});

test.runIf(process.platform === "linux")("what is applied can't write to what all share", async () => {
  await using server = await startMirror();
  const tools = await sharingMachine(base, root, server);
  const first = await pinningWorkspace(root, wanting("1.0.0"), tools);
  await init(first, tools, signal);
  const shared = (await linkIn(first)) ?? "";
  const program = join(shared, "terraform-provider-fake_v1.0.0");
  const before = await stat(program);
  const command = `ls ${shared} > listed; echo evil > ${program}; rm -rf ${shared}; true`;
  const thing = { provisioner: [{ "local-exec": { command } }] };
  // Without the provider, which could not be started, and with the same sight of it.
  const empty = await pinningWorkspace(root, { resource: { terraform_data: { thing } } }, tools);
  const workspace = { ...empty, providers: first.providers };
  await init(workspace, tools, signal);
  const summary = await plan(workspace, tools, { signal, lockTimeout: 10 });
  await apply(workspace, summary, tools, { signal, lockTimeout: 10, onProgress: () => undefined });
  expect(await readFile(join(workspace.directory, "listed"), "utf8")).toContain("terraform-provider-fake");
  expect((await stat(program)).mtimeMs).toBe(before.mtimeMs);
});

test("a provider that can't be fetched is left to init, which says why", async () => {
  await using server = await startMirror();
  const tools = await sharingMachine(base, root, server);
  await expect(init(await pinningWorkspace(root, wanting("9.9.9"), tools), tools, signal)).rejects.toThrow(
    "acme/fake",
  );
  expect(await readdir(join(root, "cache"))).toEqual([]);
});

test.each([
  ["aws", "6.2.0", "registry.terraform.io/hashicorp/aws"],
  ["Acme/Fake", "=1.0.0", "registry.terraform.io/acme/fake"],
  ["mirror.example:8443/a/b", "1.0.0-rc.1", "mirror.example:8443/a/b"],
])("%s %s is pinned", async (source, version, address) => {
  const json = { terraform: { required_providers: { one: { source, version } } } };
  const { directory } = await pinningWorkspace(root, json, {});
  const pinned = await pinnedProviders(directory, { name: "terraform" });
  expect(pinned).toEqual([{ address, version: version.replace("=", ""), hashes: undefined }]);
});

test.each([
  [{ required_providers: { one: { source: "a/b/c/d", version: "1.0.0" } } }],
  [{ required_providers: { one: { source: "../../x", version: "1.0.0" } } }],
  [{ required_providers: { one: { source: "a/b", version: ">= 1.0.0, 2.0.0" } } }],
  [{ required_providers: [{ one: { source: "a/b", version: "1.0.0" } }] }],
  [{}],
])("nothing is pinned by %j", async (terraform) => {
  const { directory } = await pinningWorkspace(root, { terraform }, {});
  expect(await pinnedProviders(directory, { name: "terraform" })).toEqual([]);
});
