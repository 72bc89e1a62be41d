import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { markUsed } from "../cache/entry.ts";
import type { PinnedProvider } from "./pinned-providers.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/**
 * Where the cache has a provider, or would have it: a directory with `providers`, laid out as a filesystem mirror, `lock`,
 * the lock file that came with it, and `files`, which says what is whole. Never changed once it is there. Undefined: there
 * is no cache.
 */
export function providerEntry(
  { address, version }: PinnedProvider,
  {
    providerCache,
    providerMirror,
    binary,
  }: Pick<TerraformTools, "providerCache" | "providerMirror" | "binary">,
): string | undefined {
  // A directory is shared by all runs as it is.
  if (providerCache === undefined || providerMirror?.type === "directory") return undefined;
  const told = [address, version, binary.name, process.platform, process.arch, providerMirror ?? null];
  return join(providerCache, createHash("sha256").update(JSON.stringify(told)).digest("hex"));
}

/** The entries that the stack's commands have to see, young again. */
export async function usedEntries(
  workspace: Pick<StackWorkspace, "providers">,
  tools: TerraformTools,
): Promise<string[]> {
  const entries = entriesOf(workspace, tools);
  const found = await Promise.all(entries.map(async (entry) => ((await markUsed(entry)) ? [entry] : [])));
  return found.flat();
}

/** Whether the cache has everything that a stack pins. */
export async function areShared(
  workspace: Pick<StackWorkspace, "providers">,
  tools: TerraformTools,
): Promise<boolean> {
  return (await Promise.all(entriesOf(workspace, tools).map(isWhole))).every(Boolean);
}

const entriesOf = ({ providers = [] }: Pick<StackWorkspace, "providers">, tools: TerraformTools): string[] =>
  providers.flatMap((pinned) => providerEntry(pinned, tools) ?? []);

/** To be called last, before anybody can find the entry. */
export async function sealEntry(entry: string): Promise<void> {
  await writeFile(join(entry, "files"), await describeFiles(entry));
}

/** Whether an entry is there with all of its files: whoever deletes one may be at it just now, or have stopped half-way. */
export async function isWhole(entry: string): Promise<boolean> {
  try {
    return (await readFile(join(entry, "files"), "utf8")) === (await describeFiles(entry));
  } catch {
    return false;
  }
}

/** Paths and sizes. Programs are far too large for their bytes to be read each time. */
async function describeFiles(entry: string): Promise<string> {
  const providers = join(entry, "providers");
  const found = await readdir(providers, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name));
  const described = [join(entry, "lock"), ...files].map(
    async (file) => `${(await stat(file)).size} ${relative(entry, file)}\n`,
  );
  return (await Promise.all(described)).sort().join("");
}
