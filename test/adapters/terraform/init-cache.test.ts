import {
  access,
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keptInit } from "../../../adapters/terraform/init-cache.ts";
import { init, plan } from "../../../adapters/terraform/terraform.ts";
import type { StackWorkspace, TerraformTools } from "../../../adapters/terraform/workspace.ts";
import { hasChanges } from "../../../promotion/plan-summary.ts";
import { freshDirectory } from "../../support/directory.ts";
import { makeWorkspace, terraformHere } from "./support/machine.ts";

const { signal } = new AbortController();

let tools: TerraformTools;
let cache: string;
let root: string;

beforeAll(async () => {
  tools = await terraformHere();
});

beforeEach(async () => {
  root = await freshDirectory();
  cache = join(root, "cache");
  tools = { ...tools, initCache: cache };
});

const stack = (value: string) => ({
  "//": { metadata: value },
  terraform: { backend: { local: { path: join(root, "state", "one.tfstate") } } },
  resource: { terraform_data: { thing: { input: value } } },
  output: { text: { value } },
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax
const assert = { condition: "${terraform_data.thing.id != null}", error_message: "It has no id." };

/** A run of the stack with a directory of its own code, that keeps its state beside all others. */
async function workspaceOf(json: object): Promise<StackWorkspace> {
  const workspace = await makeWorkspace(root, json, {});
  const [inner, state] = [join(workspace.directory, "inner"), join(root, "state")];
  for (const path of [inner, state]) await mkdir(path, { recursive: true });
  await writeFile(join(inner, "main.tf.json"), "{}");
  return { ...workspace, mounts: [{ path: state, writable: true }] };
}

/** Whether Terraform was started. */
async function initialised(workspace: StackWorkspace): Promise<"ran" | "kept"> {
  await init(workspace, tools, signal);
  return await access(join(workspace.run, "init")).then(
    () => "ran" as const,
    () => "kept" as const,
  );
}

describe("an init", () => {
  it("runs once for all stacks that differ in their values alone, and what is kept of it can be planned with", async () => {
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    const second = await workspaceOf(stack("b"));
    expect(await initialised(second)).toBe("kept");
    const summary = await plan(second, tools, { signal, lockTimeout: 10 });
    expect(hasChanges(summary)).toBe(true);
    expect(summary.resources).toEqual([{ address: "terraform_data.thing", action: "create" }]);
  });

  it("leaves the same files, whether it ran or was kept", async () => {
    const [ran, kept] = [await workspaceOf(stack("a")), await workspaceOf(stack("a"))];
    expect([await initialised(ran), await initialised(kept)]).toEqual(["ran", "kept"]);
    const texts = [ran, kept].map(({ run }) => readFile(join(run, "data", "terraform.tfstate"), "utf8"));
    const [first, second] = await Promise.all(texts);
    expect(second).toBe(first);
    expect(await readdir(kept.directory)).toEqual(await readdir(ran.directory));
    expect(await readdir(join(kept.run, "data"))).toEqual(await readdir(join(ran.run, "data")));
  });

  it.each([
    ["backend", { terraform: { backend: { local: { path: "/elsewhere/one.tfstate" } } } }],
    ["version", { terraform: { required_version: ">= 1.0" } }],
    ["kind of resource", { data: { terraform_remote_state: { x: { backend: "local", config: {} } } } }],
    ["provider", { provider: { terraform: {} } }],
    ["number of resources", { resource: { terraform_data: { thing: { input: "a" }, other: {} } } }],
    ["argument", { resource: { terraform_data: { thing: { triggers_replace: "a" } } } }],
    ["output", { output: { other: { value: "a" } } }],
  ])("runs again for another %s", async (_, difference) => {
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    expect(await initialised(await workspaceOf({ ...stack("a"), ...difference }))).toBe("ran");
  });

  it("runs again for another value of an argument that is read before anything is evaluated", async () => {
    const counted = (count: number) => ({ resource: { terraform_data: { thing: { input: "a", count } } } });
    for (const count of [1, 2]) {
      expect(await initialised(await workspaceOf({ ...stack("a"), ...counted(count) }))).toBe("ran");
    }
  });

  it("runs again for another lock file, and another program", async () => {
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    const locked = await workspaceOf(stack("a"));
    await writeFile(join(locked.directory, ".terraform.lock.hcl"), "# chosen by somebody\n");
    expect(await initialised(locked)).toBe("ran");
    tools = { ...tools, binary: { ...tools.binary, version: "99.0.0" } };
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
  });

  it.each([
    ["a module", { module: { inner: { source: "./inner" } } }],
    ["what nobody knows", { check: { sound: { assert } } }],
  ])("runs every time for a stack with %s", async (_, more) => {
    for (const time of ["first", "second"]) {
      expect([time, await initialised(await workspaceOf({ ...stack("a"), ...more }))]).toEqual([time, "ran"]);
    }
  });

  it("that fails is not kept", async () => {
    const broken = { ...stack("a"), terraform: { backend: { unheard_of: {} } } };
    for (let time = 0; time < 2; time += 1) {
      const workspace = await workspaceOf(broken);
      await expect(init(workspace, tools, signal)).rejects.toThrow("unheard_of");
      await access(join(workspace.run, "init"));
    }
  });
});

describe("the cache", () => {
  it("may be deleted at any time", async () => {
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    await rm(cache, { recursive: true });
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    expect(await initialised(await workspaceOf(stack("a")))).toBe("kept");
  });

  it.each(["", "{", '{"data": []}', "null"])("that holds %j is made anew", async (damage) => {
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    for (const name of await readdir(cache)) await writeFile(join(cache, name), damage);
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    expect(await initialised(await workspaceOf(stack("a")))).toBe("kept");
  });

  it("serves many at once, while it is filled and emptied", async () => {
    const workspaces = await Promise.all(Array.from({ length: 6 }, () => workspaceOf(stack("a"))));
    const emptied = workspaces.slice(3).map(async (workspace) => {
      await rm(cache, { recursive: true, force: true });
      await init(workspace, tools, signal);
    });
    await Promise.all([...workspaces.slice(0, 3).map((one) => init(one, tools, signal)), ...emptied]);
    for (const workspace of workspaces) await access(join(workspace.run, "data", "terraform.tfstate"));
  });

  it("need not be writable", async () => {
    await writeFile(cache, "a file is in its place");
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
    expect(await initialised(await workspaceOf(stack("a")))).toBe("ran");
  });

  it("gives back lock file, links, programs and bytes as they were, and keeps nothing large", async () => {
    const [from, to] = [await workspaceOf(stack("a")), await workspaceOf(stack("a"))];
    const data = join(from.run, "data");
    await mkdir(join(data, "providers"), { recursive: true });
    const bytes = Buffer.from([0, 255, 254, 10]);
    await writeFile(join(data, "providers", "program"), bytes);
    await chmod(join(data, "providers", "program"), 0o755);
    const mirrored = await freshDirectory();
    await writeFile(join(mirrored, "of all runs"), Buffer.alloc(256 * 1024 + 1));
    await symlink(mirrored, join(data, "providers", "link"));
    const kept = await keptInit(cache, from, tools);
    await writeFile(join(from.directory, ".terraform.lock.hcl"), "# made by init\n");
    await kept?.keep();
    expect(await (await keptInit(cache, to, tools))?.restore()).toBe(true);
    expect(await readFile(join(to.directory, ".terraform.lock.hcl"), "utf8")).toBe("# made by init\n");
    const restored = join(to.run, "data", "providers");
    expect(await readlink(join(restored, "link"))).toBe(mirrored);
    expect(await readFile(join(restored, "program"))).toEqual(bytes);
    expect((await lstat(join(restored, "program"))).mode & 0o100).toBe(0o100);

    await rm(cache, { recursive: true });
    await writeFile(join(data, "providers", "large"), Buffer.alloc(256 * 1024 + 1));
    await rm(join(from.directory, ".terraform.lock.hcl"));
    await rm(join(to.directory, ".terraform.lock.hcl"));
    await kept?.keep();
    expect(await (await keptInit(cache, to, tools))?.restore()).toBe(false);
  });
});
