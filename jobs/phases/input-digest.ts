import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listTree, type TreeFile } from "../../adapters/artifacts/tree.ts";
import { lockFile } from "../../adapters/terraform/init-digest.ts";
import type { DeploymentTools } from "./deployment.ts";
import type { BoundApp } from "./synth.ts";

/**
 * For each named stack a digest of what it is made of: all synthesized files that are not another stack's, the variables
 * that they were synthesized with, and Terraform. To be taken before init, which writes among them.
 */
export async function fileDigests(
  app: BoundApp,
  stacks: ReadonlySet<string>,
  { terraform }: DeploymentTools,
): Promise<ReadonlyMap<string, string>> {
  if (stacks.size === 0) return new Map();
  const { stacks: all } = app.manifest;
  const files = (await listTree(app.directory)).filter(({ path }) => path !== "manifest.json");
  const variables = Object.entries(app.origin.variables).sort();
  const tool = [terraform.name, terraform.version];
  const digests = all.flatMap(({ name, directory }) => {
    if (!stacks.has(name)) return [];
    const others = all.filter((stack) => stack.name !== name).map((stack) => `${stack.directory}/`);
    const own = files.filter(({ path }) => path !== `${directory}/${lockFile}` && !isBelow(path, others));
    return [digestOf(app.directory, own).then((tree) => [name, digest([tree, variables, tool])] as const)];
  });
  return new Map(await Promise.all(digests));
}

const isBelow = (path: string, directories: readonly string[]): boolean =>
  directories.some((directory) => path.startsWith(directory));

async function digestOf(root: string, files: readonly TreeFile[]): Promise<unknown> {
  const entries = [];
  for (const { path, executable } of files) {
    const content = createHash("sha256").update(await readFile(join(root, path)));
    entries.push([path, executable, content.digest("hex")]);
  }
  return entries;
}

/** Of any JSON value whose parts are in a fixed order. */
export function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
