import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { GitExit } from "./command.ts";
import type { Mirror } from "./mirror.ts";

const maximumFiles = 200_000;
const maximumBytes = 4 * 1024 ** 3;
/** Bytes: with the directory before it, a longer path could be made by git, but not removed by us. */
const longestPath = 1000;
/** Bytes of the list of all files. */
const longestListing = 32 * 1024 ** 2;

/**
 * Writes the files of a commit into a new directory. It is no git checkout: nothing in it names the mirror, and no
 * hook, filter or submodule of the repository runs.
 * Errors: `checkout-refused` (user) for a tree that no disk can hold or no git would write; `git-failed` (service).
 */
export async function exportCommit(mirror: Mirror, commit: ObjectId, directory: string): Promise<void> {
  await assertSize(mirror, commit);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const index = path.join(path.dirname(directory), `${path.basename(directory)}.index`);
  const environment = { GIT_INDEX_FILE: index, GIT_WORK_TREE: directory };
  try {
    await mirror.local(["read-tree", "--end-of-options", commit], { environment });
    await mirror.local(["checkout-index", "--all", "--quiet"], { environment });
  } catch (error) {
    throw explained(error);
  } finally {
    await rm(index, { force: true });
  }
}

/** A few hundred bytes of trees that name each other many times stand for more files than any disk has room for. */
async function assertSize(mirror: Mirror, commit: ObjectId): Promise<void> {
  const list = ["ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit];
  const { bytes, isCut } = await mirror.beginning(list, {}, longestListing);
  const files = bytes.toString("latin1").split("\0").slice(0, -1).map(parseEntry);
  if (isCut || files.length > maximumFiles) throw refused(`it has more than ${maximumFiles} files`);
  const long = files.find(({ name }) => name.length > longestPath);
  if (long) throw refused(`the path ${long.name.slice(0, 100)}… is longer than ${longestPath} bytes`);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > maximumBytes)
    throw refused(`its files are larger than ${maximumBytes / 1024 ** 3} GiB together`);
}

/** `<mode> <type> <object> <size>`, a tab and the path; a submodule has no size. */
function parseEntry(line: string): { readonly size: number; readonly name: string } {
  const tab = line.indexOf("\t");
  const size = Number(line.slice(line.lastIndexOf(" ", tab) + 1, tab));
  return { size: Number.isNaN(size) ? 0 : size, name: line.slice(tab + 1) };
}

/** What git will not write, or a file system can't hold, whoever runs it. */
const hostile = /invalid path|file name too long|not a directory|is a directory|file exists/i;

function explained(error: unknown): unknown {
  const isHostile = error instanceof GitExit && hostile.test(error.stderr);
  return isHostile ? refused(error.stderr.trim().slice(0, 1000), error) : error;
}

function refused(reason: string, cause?: unknown): WaymarkError {
  return new WaymarkError({
    code: "checkout-refused",
    source: "user",
    class: "code",
    message: `The commit can't be checked out: ${reason}.`,
    next: "Take what is named there out of the branch, then push.",
    cause,
  });
}
