import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { Place } from "./scan.ts";

/** Every file below a directory; what goes away meanwhile is left out. */
export async function filesIn(root: string, directory: string): Promise<Place[]> {
  const paths = (await readdir(join(root, directory), { recursive: true })).map((name) =>
    join(root, directory, name),
  );
  const found = await Promise.all(paths.map((path) => readPlace(root, path).catch(() => undefined)));
  return found.filter((place) => place !== undefined);
}

async function readPlace(root: string, path: string): Promise<Place | undefined> {
  return (await stat(path)).isFile()
    ? { name: relative(root, path), content: await readFile(path) }
    : undefined;
}

/** Everything that git keeps: files, commit messages, tags with their trailers; also what no ref reaches any more. */
export async function gitObjects(bareDirectory: string): Promise<Place> {
  const { stdout } = await execa("git", ["cat-file", "--batch", "--batch-all-objects"], {
    cwd: bareDirectory,
    encoding: "buffer",
    maxBuffer: 256 * 1024 * 1024,
  });
  return { name: "git objects", content: stdout };
}
