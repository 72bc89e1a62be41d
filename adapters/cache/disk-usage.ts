import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Of one block as `stat` counts them, whatever the file system. */
const blockSize = 512;

/** Bytes that a file or a directory with all that is in it takes on disk. What vanishes meanwhile takes none. */
export async function diskUsage(path: string): Promise<number> {
  const stat = await lstat(path).catch(() => undefined);
  if (!stat) return 0;
  const own = stat.blocks * blockSize;
  if (!stat.isDirectory()) return own;
  let sum = own;
  for (const name of await readdir(path).catch(() => [])) sum += await diskUsage(join(path, name));
  return sum;
}
