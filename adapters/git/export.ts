import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { Mirror } from "./mirror.ts";

/**
 * Writes the files of a commit into a new directory. It is no git checkout: nothing in it names the mirror, and no
 * hook, filter or submodule of the repository runs.
 */
export async function exportCommit(mirror: Mirror, commit: ObjectId, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const index = path.join(path.dirname(directory), `${path.basename(directory)}.index`);
  const environment = { GIT_INDEX_FILE: index, GIT_WORK_TREE: directory };
  try {
    await mirror.local(["read-tree", "--end-of-options", commit], { environment });
    await mirror.local(["checkout-index", "--all", "--quiet"], { environment });
  } finally {
    await rm(index, { force: true });
  }
}
