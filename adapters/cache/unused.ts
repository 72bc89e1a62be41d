import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Something that may be removed if nobody has used it for long. */
export interface Entry {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** Milliseconds: whoever uses an entry is through with it by then. */
const longestUse = 60 * 60_000;

/** Whether nobody can be using it any more. */
export function isUnused({ usedAt }: Entry): boolean {
  return usedAt < Date.now() - longestUse;
}

/** What a directory holds, the entry that was used longest ago first; none if there is no such directory. */
export async function listEntries(directory: string): Promise<Entry[]> {
  const names = await readdir(directory).catch(() => []);
  const entries = await Promise.all(names.map((name) => describeEntry(join(directory, name))));
  return entries.flat().sort((a, b) => a.usedAt - b.usedAt);
}

/** None if it has vanished. */
export async function describeEntry(path: string): Promise<Entry[]> {
  return await stat(path).then(
    ({ mtimeMs }) => [{ path, usedAt: mtimeMs }],
    () => [],
  );
}
