import { randomUUID } from "node:crypto";
import { access, mkdir, rename, utimes } from "node:fs/promises";
import { join } from "node:path";

/** Below WAYMARK_HOME: everything that may be deleted at any time. */
export const cacheIn = (home: string): string => join(home, "cache");

/** Where entries wait for their removal: whoever still reads one is not disturbed. */
export const setAsideIn = (cache: string): string => join(cache, "removed");

/** Makes an entry young, and so the last to be pruned. False: there is no such entry. */
export async function markUsed(entry: string): Promise<boolean> {
  const now = new Date();
  return await utimes(entry, now, now).then(
    () => true,
    () => false,
  );
}

/**
 * Takes an entry out of the cache, and gives where it went. One that is not there, or was taken by somebody else, is no
 * error.
 */
export async function setAside(cache: string, entry: string): Promise<string> {
  const aside = join(setAsideIn(cache), randomUUID());
  await mkdir(setAsideIn(cache), { recursive: true, mode: 0o700 });
  await rename(entry, aside).catch(async (error: unknown) => {
    if (await exists(entry)) throw error;
  });
  await markUsed(aside);
  return aside;
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
