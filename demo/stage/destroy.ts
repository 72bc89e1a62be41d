import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { loadBundle } from "../../adapters/artifacts/bundle-store.ts";
import { listTree } from "../../adapters/artifacts/tree.ts";
import { loadRegistry } from "../../adapters/registry/load.ts";
import { type LocalBinding, localBinding } from "../../adapters/registry/local-binding.ts";
import { readManifest } from "../../adapters/synth/manifest.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { arrangeStacks } from "../../promotion/stack-graph.ts";

/** `terraform destroy` of every stack of every environment: what was deployed ends its own service. */
export async function destroyEverything(directory: string): Promise<void> {
  const home = path.join(directory, "home");
  const registry = await loadRegistry(path.join(home, "core", "registry.json")).catch(() => undefined);
  if (!registry) return;
  const terraform = await findTerraform(process.env);
  for (const binding of registry.bindings) await destroy(localBinding(binding), terraform);
}

/** Any sealed bundle will do: what it takes to end a resource is the same in all of them. */
async function destroy({ artifacts }: LocalBinding, terraform: string): Promise<void> {
  const bundle = await newestBundle(artifacts.directory);
  if (bundle === undefined) return;
  const copy = await mkdtemp(path.join(tmpdir(), "waymark-destroy-"));
  try {
    await loadBundle(artifacts, bundle, copy);
    for (const directory of await stacksLastFirst(copy)) {
      const options = { cwd: path.join(copy, directory), stdio: "ignore" } as const;
      await execa(terraform, ["init", "-input=false"], options);
      await execa(terraform, ["destroy", "-auto-approve", "-input=false"], options);
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
