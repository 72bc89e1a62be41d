import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { listTree } from "../../../adapters/artifacts/tree.ts";
import { backendFor } from "../../../adapters/synth/backend-block.ts";
import { bindBackends } from "../../../adapters/synth/bind.ts";
import { readManifest } from "../../../adapters/synth/manifest.ts";
import { boundsOf } from "../../../adapters/synth/refusals/bounds.ts";
import { freshDirectory } from "../../support/directory.ts";

let output: string;

beforeEach(async () => {
  output = await freshDirectory();
});

const binding = { backend: { type: "local", directory: "/state/shop-dev" } } as const;

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(output, path)), { recursive: true });
  await writeFile(join(output, path), typeof content === "string" ? content : JSON.stringify(content));
}

interface Stack {
  readonly dependencies?: readonly string[];
  readonly json?: unknown;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

const local = (path: string) => ({ terraform: { backend: { local: { path } } } });

async function writeApp(stacks: Readonly<Record<string, Stack>>): Promise<void> {
  const entries = Object.entries(stacks).map(([name, { dependencies, manifest }]) => {
    const workingDirectory = `stacks/${name}`;
    const entry = {
      name,
      constructPath: name,
      workingDirectory,
      dependencies: dependencies ?? [],
      annotations: [],
    };
    return [name, { ...entry, synthesizedStackPath: `${workingDirectory}/cdk.tf.json`, ...manifest }];
  });
  await write("manifest.json", { version: "0.24.0", stacks: Object.fromEntries(entries) });
  for (const [name, { json }] of Object.entries(stacks)) {
    await write(`stacks/${name}/cdk.tf.json`, json ?? local(`/home/ada/terraform.${name}.tfstate`));
  }
}

async function bind(): Promise<void> {
  const files = await listTree(output);
  const manifest = await readManifest(output, files);
  const backendOf = (stack: string) => backendFor(binding, 7, stack);
  await bindBackends(output, files, manifest, { backendOf, bounds: boundsOf({}, []) });
}

const stackJson = async (name: string) =>
  JSON.parse(await readFile(join(output, "stacks", name, "cdk.tf.json"), "utf8"));

const remote = (name: string, block: unknown, own = local("own.tfstate")) => ({
  ...own,
  data: { terraform_remote_state: { [name]: block } },
});

const expression = (text: string) => `\${${text}}`;

test("every stack gets the environment's own backend, whatever it had", async () => {
  const s3 = { terraform: { backend: { s3: { bucket: "theirs", key: "prod" } } } };
  await writeApp({ a: {}, b: { json: s3 }, c: { json: { terraform: {} } } });
  await bind();
  for (const name of ["a", "b", "c"]) {
    const backend = { local: { path: `/state/shop-dev/7/${name}.tfstate` } };
    expect((await stackJson(name)).terraform).toEqual({ backend });
  }
});

test("a cross-stack reference of CDKTF is led to the sibling's state, by its name", async () => {
  const block = { backend: "s3", config: { bucket: "x" }, workspace: expression("terraform.workspace") };
  await writeApp({ network: {}, service: { json: remote("cross-stack-reference-input-network", block) } });
  await bind();
  const bound = { backend: "local", config: { path: "/state/shop-dev/7/network.tfstate" } };
  expect((await stackJson("service")).data.terraform_remote_state).toEqual({
    "cross-stack-reference-input-network": bound,
  });
});

test("a reference written by hand is known by the backend it names", async () => {
  const block = { backend: "local", config: { path: "/home/ada/terraform.network.tfstate" } };
  await writeApp({ network: {}, service: { json: remote("by_hand", block) } });
  await bind();
  const { by_hand } = (await stackJson("service")).data.terraform_remote_state;
  expect(by_hand.config).toEqual({ path: "/state/shop-dev/7/network.tfstate" });
});

test("binding again changes nothing, and binding anew moves every state", async () => {
  const block = { backend: "local", config: { path: "/home/ada/terraform.network.tfstate" } };
  await writeApp({ network: {}, service: { json: remote("by_hand", block) } });
  await bind();
  const once = await readFile(join(output, "stacks/service/cdk.tf.json"), "utf8");
  await bind();
  expect(await readFile(join(output, "stacks/service/cdk.tf.json"), "utf8")).toBe(once);
});

test.each([
  ["another app's state", { backend: "local", config: { path: "/state/other/prod.tfstate" } }],
  ["a name like CDKTF's for no stack", { backend: "s3", config: {} }, "cross-stack-reference-input-ghost"],
  ["another workspace", { backend: "local", config: { path: "/n.tfstate" }, workspace: "prod" }],
  ["an expression", { backend: "local", config: { path: expression("var.path") } }],
])("a remote state is refused: %s", async (_, block, name = "foreign") => {
  await writeApp({ network: { json: local("/n.tfstate") }, service: { json: remote(name, block) } });
  await expect(bind()).rejects.toMatchObject({
    code: "foreign-remote-state",
    source: "user",
    message: expect.stringMatching(new RegExp(`Stack service .*data\\.terraform_remote_state\\.${name}`)),
  });
});

test.each([
  ["Terraform Cloud", { terraform: { cloud: { organization: "x" } } }],
  ["an empty cloud block", { terraform: { cloud: {} } }],
  ["two backends", { terraform: { backend: { local: {}, s3: {} } } }],
  ["a list of terraform blocks", { terraform: [{ backend: { local: {} } }] }],
  ["a list of backends", { terraform: { backend: [{ local: {} }] } }],
  [
    "a list of data blocks",
    { ...local("x"), data: [{ terraform_remote_state: { x: { backend: "local" } } }] },
  ],
  [
    "a list of remote states",
    { ...local("x"), data: { terraform_remote_state: [{ x: { backend: "local" } }] } },
  ],
  [
    "a list below the name",
    { ...local("x"), data: { terraform_remote_state: { x: [{ backend: "local" }] } } },
  ],
  ["a list at the top", [local("x")]],
  ["Waymark's own output", { ...local("x"), output: { waymark_attempt: { value: 1 } } }],
  ["no JSON", "terraform {}"],
])("a stack is refused: %s", async (_, json) => {
  await writeApp({ a: { json } });
  await expect(bind()).rejects.toMatchObject({ code: "stack-refused", source: "user" });
});

test.each([
  ["stacks/a/override.tf.json", "{}"],
  ["stacks/a/main.tf", ""],
  ["stacks/a/x.tofu", ""],
  ["stacks/a/x.auto.tfvars", ""],
  ["stacks/a/assets/m/main.tf", 'data "terraform_remote_state" "x" {}'],
  ["stacks/a/assets/m/main.tf.json", '{"data":{"terraform_remote_st\\u0061te":{}}}'],
])("other configuration is refused: %s", async (path, content) => {
  await writeApp({ a: {} });
  await write(path, content);
  await expect(bind()).rejects.toMatchObject({
    code: "foreign-remote-state",
    message: expect.stringContaining(path),
  });
});

test("a module that reads no state may be shipped", async () => {
  await writeApp({ a: {} });
  await write("stacks/a/assets/m/main.tf", 'resource "terraform_data" "x" {}');
  await bind();
});

test("dependencies are told by path and understood by name", async () => {
  await writeApp({ a: { manifest: { constructPath: "group/a" } }, b: { dependencies: ["group/a"] } });
  const manifest = await readManifest(output, await listTree(output));
  expect(manifest.stacks.map(({ name, dependencies }) => [name, dependencies])).toEqual([
    ["a", []],
    ["b", ["a"]],
  ]);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["a name that leads out", { name: "../../etc" }],
  ["a name with a slash", { name: "a/b" }],
  ["a hidden name", { name: ".ssh" }],
  ["a name like an option", { name: "-destroy" }],
  ["a file outside", { workingDirectory: "../other", synthesizedStackPath: "../other/cdk.tf.json" }],
  ["an absolute file", { workingDirectory: "/etc", synthesizedStackPath: "/etc/cdk.tf.json" }],
  [
    "a file that is not there",
    { workingDirectory: "stacks/x", synthesizedStackPath: "stacks/x/cdk.tf.json" },
  ],
  ["another directory than its file's", { workingDirectory: "stacks" }],
  ["HCL", { synthesizedStackPath: "stacks/a/cdk.tf" }],
  ["dependencies that are none", { dependencies: "network" }],
])("a manifest is refused: %s", async (_, manifest) => {
  await writeApp({ a: { manifest } });
  await expect(bind()).rejects.toMatchObject({ code: "manifest-refused", source: "user" });
});

test("two stacks may not share a name or a directory, also not by upper and lower case", async () => {
  await writeApp({ a: {}, b: { manifest: { name: "A" } } });
  await expect(bind()).rejects.toMatchObject({ code: "manifest-refused" });
  const place = { workingDirectory: "stacks/a", synthesizedStackPath: "stacks/a/cdk.tf.json" };
  await writeApp({ a: {}, b: { manifest: place } });
  await expect(bind()).rejects.toMatchObject({ code: "manifest-refused" });
});

test.each(["{", "[]", '{"version":"1","stacks":{}}', '{"stacks":{"__proto__":{}}}'])(
  "no manifest: %s",
  async (text) => {
    await write("manifest.json", text);
    await expect(bind()).rejects.toMatchObject({ code: "manifest-refused" });
  },
);

test("an app that wrote nothing is told so", async () => {
  await expect(bind()).rejects.toMatchObject({ code: "synth-empty" });
});

test.each(["stacks/a/asset", "manifest.json", "stacks/a/cdk.tf.json"])(
  "a link is refused: %s",
  async (path) => {
    await writeApp({ a: {} });
    await symlink("/etc/hostname", join(output, `${path}.link`));
    await expect(bind()).rejects.toMatchObject({
      code: "output-refused",
      message: expect.stringContaining(`${path}.link`),
    });
  },
);
