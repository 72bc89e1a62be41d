import { basename, join } from "node:path";
import { LRUCache } from "lru-cache";
import { removeTree } from "../process/remove-tree.ts";
import { diskUsage } from "./disk-usage.ts";
import { setAside, setAsideIn } from "./entry.ts";
import { describeEntry, type Entry, isUnused, listEntries } from "./unused.ts";

/** Directories of entries that never change: installed dependencies, outputs of synth, results of `init`, providers. */
const parts = ["dependencies", join("synth", "bundles"), "init", "providers"];
/** npm's own cache changes with every install, and goes as a whole. */
const npmCache = "npm";

/** More entries than this take too long to be looked through. */
const mostEntries = 10_000;

/** Removes what was used longest ago until the cache fits its limit; what may be in use stays. Gives how many went. */
export type PruneCache = () => Promise<number>;

interface Weighed extends Entry {
  /** Bytes on disk. */
  readonly size: number;
}

/** `cache`: the directory of all caches. `limit`: bytes on disk. */
export function createCachePruner(cache: string, limit: number): PruneCache {
  const sizes = new LRUCache<string, number>({ max: mostEntries });
  return async () => {
    await removeSetAside(cache);
    const entries = await weigh(await listAll(cache), sizes);
    const unneeded = chooseUnneeded(entries, limit);
    for (const { path } of unneeded) {
      // Out of everybody's sight first: nobody may find half of it.
      await removeTree(await setAside(cache, path));
      sizes.delete(path);
    }
    return unneeded.length;
  };
}

/** The one that was used longest ago first. */
async function listAll(cache: string): Promise<Entry[]> {
  const lists = await Promise.all(parts.map((part) => listEntries(join(cache, part))));
  const entries = [...lists.flat(), ...(await describeEntry(join(cache, npmCache)))];
  return entries.sort((a, b) => a.usedAt - b.usedAt);
}

/** Looking through an installation takes long, and it stays as large as it is: so its size is remembered. */
async function weigh(entries: readonly Entry[], sizes: LRUCache<string, number>): Promise<Weighed[]> {
  const weighed: Weighed[] = [];
  for (const entry of entries) {
    const size = sizes.get(entry.path) ?? (await diskUsage(entry.path));
    if (basename(entry.path) !== npmCache) sizes.set(entry.path, size);
    weighed.push({ ...entry, size });
  }
  return weighed;
}

function chooseUnneeded(entries: readonly Weighed[], limit: number): Weighed[] {
  let bytes = entries.reduce((sum, { size }) => sum + size, 0);
  let count = entries.length;
  return entries.filter((entry) => {
    if (!isUnused(entry) || (bytes <= limit && count <= mostEntries)) return false;
    bytes -= entry.size;
    count -= 1;
    return true;
  });
}

/** What was replaced while somebody may have used it. */
async function removeSetAside(cache: string): Promise<void> {
  const aside = await listEntries(setAsideIn(cache));
  for (const { path } of aside.filter(isUnused)) await removeTree(path);
}
