import { randomUUID } from "node:crypto";
import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { isUnused, listEntries } from "../cache/unused.ts";
import { removeTree } from "../process/remove-tree.ts";
import { type BundleStore, bundlesIn } from "./bundle-store.ts";

/** How many bundles a store holds. */
export async function countBundles(store: BundleStore): Promise<number> {
  return (await listEntries(bundlesIn(store))).length;
}

/**
 * Removes the bundles that are not to be kept, and gives how many. One that was sealed or read lately stays: its record
 * may be about to be written.
 */
export async function pruneBundles(store: BundleStore, kept: ReadonlySet<string>): Promise<number> {
  const entries = await listEntries(bundlesIn(store));
  const unneeded = entries.filter((entry) => isUnused(entry) && !kept.has(basename(entry.path)));
  for (const { path } of unneeded) {
    // Whoever reads it just now finds that it is gone, and not half of it.
    const aside = join(bundlesIn(store), `.${randomUUID()}`);
    await rename(path, aside);
    await removeTree(aside);
  }
  return unneeded.length;
}
