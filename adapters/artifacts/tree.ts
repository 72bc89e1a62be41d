import { constants, type Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";

/** A regular file below a directory. */
export interface TreeFile {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

const maximumFiles = 10_000;
const maximumSize = 512 * 1024 * 1024;

/**
 * All files below a directory that hostile code may have filled, sorted by path. Links and special files are refused:
 * they could lead out of the directory.
 * Errors: `output-refused` (user), naming the file.
 */
export async function listTree(directory: string): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  const pending = [""];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const entry of await entriesOf(directory, parent)) {
      const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else files.push(await describe(directory, path, entry));
    }
    if (files.length + pending.length > maximumFiles)
      throw refused(parent, `there are more than ${maximumFiles} files`);
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > maximumSize)
    throw refused("", "it is larger than 512 MiB");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entriesOf(directory: string, parent: string): Promise<Dirent[]> {
  return await readdir(join(directory, parent), { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(parent, error);
  });
}

async function describe(directory: string, path: string, entry: Dirent): Promise<TreeFile> {
  if (!entry.isFile()) throw refused(path, "it is a link or a special file");
  const stat = await lstat(join(directory, path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return { path, size: stat.size, executable: (stat.mode & constants.S_IXUSR) !== 0 };
}

/** A name that is no UTF-8 is read as another one, which nothing has; a folder may be closed to us. */
const unreadable = (path: string, cause: unknown): WaymarkError => refused(path, "it can't be read", cause);

function refused(path: string, reason: string, cause?: unknown): WaymarkError {
  return new WaymarkError({
    code: "output-refused",
    source: "user",
    class: "code",
    message: `What the app synthesized can't be deployed: ${path === "" ? "" : `${path}: `}${reason}.`,
    next: "Let the app write plain files only, copied into the output directory as CDKTF assets are.",
    cause,
  });
}
