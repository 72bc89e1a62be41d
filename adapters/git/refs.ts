import type { ObjectId } from "../../promotion/object-id.ts";
import type { Mirror } from "./mirror.ts";
import { originalName, seenName } from "./seen.ts";

/** What each of the named refs (exact, a pattern, or a prefix ending in `/`) held when this process fetched it last. */
export async function readRefs(
  mirror: Mirror,
  names: readonly string[],
): Promise<ReadonlyMap<string, ObjectId>> {
  if (names.length === 0) return new Map();
  const seen = names.map(seenName);
  const output = await mirror.local(["for-each-ref", "--format=%(objectname) %(refname)", ...seen]);
  const entries = output.split("\n").flatMap((line) => {
    const space = line.indexOf(" ");
    return space < 0 ? [] : [[originalName(line.slice(space + 1)), line.slice(0, space)] as const];
  });
  return new Map(entries);
}

/** The commit behind an object, through any number of tags; undefined when there is none. */
export async function peelToCommit(mirror: Mirror, object: ObjectId): Promise<ObjectId | undefined> {
  const output = await mirror.local(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    input: `${object}^{commit}\n`,
  });
  const [commit, type] = output.trim().split(" ");
  return type === "commit" ? commit : undefined;
}

/** Those of these objects that the mirror does not have. */
export async function missingObjects(
  mirror: Mirror,
  objects: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const input = objects.map((object) => `${object}\n`).join("");
  const output = await mirror.local(["cat-file", "--batch-check=%(objectname)"], { input });
  return output.split("\n").flatMap((line) => (line.endsWith(" missing") ? [line.slice(0, -8)] : []));
}

/** Nobody reads a longer file out of a repository: whoever wants it refuses it by its length. */
const longestFile = 256 * 1024;

/** The text of a file at a commit, or the beginning of a very long one; undefined when there is no such file. */
export async function readFileAt(
  mirror: Mirror,
  commit: ObjectId,
  file: string,
): Promise<string | undefined> {
  const input = `${commit}:${file}\n`;
  const format = "--batch=%(objecttype)";
  const { bytes, isCut } = await mirror.beginning(["cat-file", format], { input }, longestFile);
  const output = bytes.toString();
  const end = output.indexOf("\n");
  if (output.slice(0, end) !== "blob") return undefined;
  return isCut ? output.slice(end + 1) : output.slice(end + 1, -1);
}
