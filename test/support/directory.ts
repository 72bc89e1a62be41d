import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const made: string[] = [];

/** A new empty directory of its own, by its real path; removed when the test file has ended. */
export async function freshDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "waymark-test-")));
  made.push(directory);
  return directory;
}

/** Removes what `freshDirectory` made; called by the test setup. */
export async function removeDirectories(): Promise<void> {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
}
