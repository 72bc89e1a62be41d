import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { loadBundle } from "../../adapters/artifacts/bundle-store.ts";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { loadRegistry } from "../../adapters/registry/load.ts";
import { localBinding } from "../../adapters/registry/local-binding.ts";
import { readManifest } from "../../adapters/synth/manifest.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { arrangeStacks } from "../../promotion/stack-graph.ts";
import { inherited } from "./inherited.ts";

/**
 * `terraform destroy` of every stack of every environment: what was deployed ends its own service. `aws`: what lets
 * Terraform reach the states of a stage on AWS. Without it they are gone, and no other AWS may be asked for them.
 */
export async function destroyEverything(
  directory: string,
  aws?: Readonly<Record<string, string>>,
): Promise<void> {
  const home = path.join(directory, "home");
  const terraform = await findTerraform(process.env);
  for (const store of await localStores(home)) await destroy(store, { terraform, env: inherited() });
  if (aws === undefined) return;
  for (const store of await copiedStores(home))
    await destroy(store, { terraform, env: { ...inherited(), ...aws } });
}

async function localStores(home: string): Promise<readonly string[]> {
  const registry = await loadRegistry(path.join(home, "core", "registry.json")).catch(() => undefined);
  return (registry?.bindings ?? []).map((binding) => localBinding(binding).artifacts.directory);
}

/** Where the bundles of environments on AWS are on this machine: a directory for each repository and environment. */
async function copiedStores(home: string): Promise<readonly string[]> {
  const stores = path.join(home, "stores");
  const names = await readdir(stores, { recursive: true }).catch(() => []);
  return names.filter((name) => name.split(path.sep).length === 2).map((name) => path.join(stores, name));
}

interface Means {
  readonly terraform: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Any sealed bundle will do: what it takes to end a resource is the same in all of them. */
async function destroy(store: string, { terraform, env }: Means): Promise<void> {
  const bundle = await newestBundle(store);
  if (bundle === undefined) return;
  const copy = await mkdtemp(path.join(tmpdir(), "waymark-destroy-"));
  try {
    await loadBundle({ type: "local", directory: store }, bundle, copy);
    for (const directory of await stacksLastFirst(copy)) {
      const options = { cwd: path.join(copy, directory), stdio: "ignore", env, extendEnv: false } as const;
      await execa(terraform, ["init", "-input=false"], options);
      // Nobody else works on the states any more: a lock is what a killed worker left.
      await execa(terraform, ["destroy", "-auto-approve", "-input=false", "-lock=false"], options);
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The directories of the stacks, each before what it needs. */
async function stacksLastFirst(bundle: string): Promise<readonly string[]> {
  const { stacks } = await readManifest(bundle, await listTree(bundle));
  const { tiers } = arrangeStacks(stacks);
  const directories = new Map(stacks.map(({ name, directory }) => [name, directory]));
  return tiers
    .flat()
    .toReversed()
    .flatMap((name) => directories.get(name) ?? []);
}

async function newestBundle(directory: string): Promise<string | undefined> {
  const bundles = path.join(directory, "bundles");
  const names = await readdir(bundles).catch(() => []);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(path.join(bundles, name))).mtimeMs })),
  );
  return dated.sort((a, b) => b.at - a.at)[0]?.name;
}
