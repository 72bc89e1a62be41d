import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { bindingFor } from "../../adapters/registry/binding.ts";
import { loadRegistry } from "../../adapters/registry/load.ts";
import { localBinding } from "../../adapters/registry/local-binding.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { compile } from "../support/compile.ts";

const root = join(import.meta.dirname, "../..");
const shop = { id: 1001, fullName: "acme/shop" };

let directory: string;
let registry: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "core-"));
  registry = join(directory, "home/core/registry.json");
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the command as an admin does. */
const bootstrap = (config: Record<string, unknown>, ...flags: string[]) => core("apply", config, ...flags);

async function core(verb: string, config: Record<string, unknown>, ...flags: string[]) {
  const file = join(directory, "core.yml");
  await writeFile(file, stringify({ version: 1, home: "home", ...config }));
  const args = [await compile("infra-core/cli.ts"), verb, "--config", file, ...flags];
  const env = { PATH: process.env.PATH ?? "", WAYMARK_TERRAFORM: await findTerraform(process.env) };
  return execa("node", args, { cwd: root, env, extendEnv: false, reject: false, all: true });
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("each environment gets private directories, and the registry names them", async () => {
  const { exitCode } = await bootstrap({ repositories: [shop] }, "--yes");
  expect(exitCode).toBe(0);
  expect(await modeOf(registry)).toBe(0o600);
  const written = await loadRegistry(registry);
  expect(written.environments.map(({ name, branch, after }) => [name, branch, after])).toEqual([
    ["dev", "dev", null],
    ["staging", "main", "dev"],
    ["prod", "prod", "staging"],
  ]);
  expect(written.bindings).toHaveLength(3);
  for (const { backend, artifacts } of written.bindings.map(localBinding)) {
    expect(await modeOf(backend.directory)).toBe(0o700);
    expect(await modeOf(artifacts.directory)).toBe(0o700);
  }
});

test("running it again changes nothing, one more repository or environment is one more run", async () => {
  await bootstrap({ repositories: [shop] }, "--yes");
  expect((await bootstrap({ repositories: [shop] }, "--yes")).stdout).toContain("unchanged");

  const forbids = { providers: ["hashicorp/http"] };
  const environments = [
    { name: "dev", branch: "dev" },
    { name: "experiment", forbids },
  ];
  const repositories = [shop, { id: 1002, fullName: "acme/site" }];
  const { stdout } = await bootstrap({ repositories, environments }, "--yes");
  expect(stdout).toContain("applied");
  const { bindings } = await loadRegistry(registry);
  expect(bindings.map(({ repositoryId, environment }) => `${repositoryId}#${environment}`)).toEqual([
    "1001#dev",
    "1001#experiment",
    "1002#dev",
    "1002#experiment",
  ]);
  expect(bindings.map((binding) => binding.forbids)).toEqual([undefined, forbids, undefined, forbids]);
});

test("an environment that is taken out of the configuration keeps its data", async () => {
  await bootstrap({ repositories: [shop] }, "--yes");
  const state = join(directory, "home/state/1001/prod/service.tfstate");
  await writeFile(state, "precious");
  await bootstrap({ repositories: [shop], environments: [{ name: "dev", branch: "dev" }] }, "--yes");
  expect(bindingFor(await loadRegistry(registry), 1001, "prod")).toBeUndefined();
  expect(await readFile(state, "utf8")).toBe("precious");
});

test("what was lost on disk, or opened to others, is put right", async () => {
  await bootstrap({ repositories: [shop] }, "--yes");
  const lost = join(directory, "home/state/1001/dev");
  const open = join(directory, "home/artifacts/1001/prod");
  await rm(lost, { recursive: true });
  await chmod(open, 0o755);
  await rm(registry);
  expect((await bootstrap({ repositories: [shop] }, "--yes")).exitCode).toBe(0);
  expect(await modeOf(lost)).toBe(0o700);
  expect(await modeOf(open)).toBe(0o700);
  expect((await loadRegistry(registry)).bindings).toHaveLength(3);
});

test("without --yes the plan is shown and nothing is done", async () => {
  const { exitCode, stdout } = await bootstrap({ repositories: [shop] });
  expect(exitCode).toBe(2);
  expect(stdout).toContain("terraform_data.state_1001_dev will be created");
  expect(await readdir(join(directory, "home"))).toEqual(["core"]);
});

test("a plan shows what an apply would do, and does nothing", async () => {
  const { exitCode, stdout } = await core("plan", { repositories: [shop] });
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("terraform_data.state_1001_dev will be")]);
  expect(await readdir(join(directory, "home"))).toEqual(["core"]);
});

test("what is lost or open to others is found, and a lost registry is written again", async () => {
  await bootstrap({ repositories: [shop] }, "--yes");
  expect(await core("verify", { repositories: [shop] })).toMatchObject({ exitCode: 0 });
  await chmod(join(directory, "home/state/1001/dev"), 0o755);
  await rm(registry);
  expect(await core("verify", { repositories: [shop] })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("npm run core -- registry"),
  });
  expect(await core("registry", { repositories: [shop] })).toMatchObject({ exitCode: 0 });
  expect((await loadRegistry(registry)).bindings).toHaveLength(3);
  const { exitCode, stdout } = await core("verify", { repositories: [shop] });
  expect(exitCode).toBe(1);
  expect(stdout.split("\n").filter((line) => line.startsWith("FAILED"))).toEqual([
    expect.stringContaining("dev of repository 1001: "),
  ]);
});

test("a core is destroyed once nothing is deployed any more", async () => {
  await bootstrap({ repositories: [shop] }, "--yes");
  const state = join(directory, "home/state/1001/dev/1001/network.tfstate");
  await mkdir(dirname(state));
  await writeFile(state, JSON.stringify({ version: 4, resources: [{ type: "terraform_data" }] }));
  expect(await core("destroy", { repositories: [shop] }, "--yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(state),
  });
  await writeFile(state, JSON.stringify({ version: 4, resources: [] }));
  expect((await core("destroy", { repositories: [shop] })).exitCode).toBe(2);
  expect(await modeOf(registry)).toBe(0o600);
  expect((await core("destroy", { repositories: [shop] }, "--yes")).exitCode).toBe(0);
  await expect(stat(registry)).rejects.toThrow("ENOENT");
  await expect(stat(state)).rejects.toThrow("ENOENT");
});

test("a file in the way of a directory is named", async () => {
  await bootstrap({ repositories: [] }, "--yes");
  await writeFile(join(directory, "home/state"), "in the way");
  const { exitCode, stderr } = await bootstrap({ repositories: [shop] }, "--yes");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("terraform-failed");
});

test("a home whose name looks like a command is only a name", async () => {
  const home = "a $(touch owned) `touch owned` '; touch owned; \"b";
  expect((await bootstrap({ repositories: [shop], home }, "--yes")).exitCode).toBe(0);
  expect(await modeOf(join(directory, home, "state/1001/dev"))).toBe(0o700);
  expect(await readdir(directory)).not.toContain("owned");
});

test("a configuration that is not there is asked for", async () => {
  const missing = ["--config", join(directory, "none.yml")];
  const { exitCode, stderr } = await core("plan", { repositories: [] }, ...missing);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("core-config-missing: ")]);
});

test("every mistake in the configuration is named, and nothing is done", async () => {
  const environments = [{ name: "dev", after: "qa" }, { name: "dev" }];
  const { exitCode, stderr } = await bootstrap({ repositories: [shop, shop], environments }, "--yes");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("environment dev is named twice");
  expect(stderr).toContain("environment dev comes after qa, which does not exist");
  expect(stderr).toContain("repository 1001 is listed twice");
  expect(await readdir(directory)).toEqual(["core.yml"]);
});
