import { createHash } from "node:crypto";
import { join } from "node:path";
import { markUsed } from "../cache/entry.ts";
import type { PinnedProvider } from "./pinned-providers.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/**
 * Where the cache has a provider, or would have it: a directory with `providers`, laid out as a filesystem mirror, and
 * `lock`, the lock file that came with it. Never changed once it is there. Undefined: there is no cache.
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
  { providers = [] }: Pick<StackWorkspace, "providers">,
  tools: TerraformTools,
): Promise<string[]> {
  const entries = providers.flatMap((pinned) => providerEntry(pinned, tools) ?? []);
  const found = await Promise.all(entries.map(async (entry) => ((await markUsed(entry)) ? [entry] : [])));
  return found.flat();
}
