import type { ObjectId } from "../../promotion/object-id.ts";
import type { Mirror } from "./mirror.ts";

/** The one who is named in Waymark's own tags; also the principal that signatures are checked against. */
export const taggerEmail = "waymark@users.noreply.github.com";

/** What an annotated tag says, before its text is believed. */
export interface TagObject {
  readonly object: ObjectId;
  /** What it points at, and of what type that is. */
  readonly target: ObjectId;
  readonly targetType: string;
  /** The name inside the object: the ref that holds it may have another. */
  readonly name: string;
  /** The whole object, signature included: what signatures are checked against. */
  readonly text: string;
}

/** The text of a new tag object, without a signature. `at`: seconds since 1970. */
export function tagText(tag: { name: string; commit: ObjectId; message: string; at: number }): string {
  const header = [`object ${tag.commit}`, "type commit", `tag ${tag.name}`];
  return [...header, `tagger Waymark <${taggerEmail}> ${tag.at} +0000`, "", tag.message].join("\n");
}

/** The message of a tag object's text. */
export function tagMessage(text: string): string {
  const blank = text.indexOf("\n\n");
  return blank < 0 ? "" : text.slice(blank + 2);
}

/** Stores a tag object in the mirror and gives its id. git checks the form and refuses a malformed one. */
export async function writeTag(mirror: Mirror, text: string): Promise<ObjectId> {
  return (await mirror.local(["hash-object", "-t", "tag", "-w", "--stdin"], { input: text })).trim();
}

/** Bytes. Waymark's own tags are far smaller, and what anybody may push must not fill the memory. */
const largestTag = 64 * 1024;

/** The tag objects among these ids; commits, trees, blobs, very large tags and absent objects are left out. */
export async function readTags(
  mirror: Mirror,
  objects: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, TagObject>> {
  const small = await smallTags(mirror, objects);
  if (small.length === 0) return new Map();
  const output = await mirror.readObjects(`${small.join("\n")}\n`);
  const tags = splitBatch(output).flatMap(({ object, type, text }) => {
    const tag = type === "tag" ? parseTag(object, text) : undefined;
    return tag ? [[object, tag] as const] : [];
  });
  return new Map(tags);
}

async function smallTags(mirror: Mirror, objects: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  if (objects.length === 0) return [];
  const format = "--batch-check=%(objectname) %(objecttype) %(objectsize)";
  const input = `${objects.join("\n")}\n`;
  const lines = (await mirror.local(["cat-file", format], { input })).split("\n");
  return lines.flatMap((line) => {
    const [object = "", type, size] = line.split(" ");
    return type === "tag" && Number(size) <= largestTag ? [object] : [];
  });
}

interface BatchEntry {
  readonly object: ObjectId;
  readonly type: string;
  readonly text: string;
}

/** `git cat-file --batch` prints `<id> <type> <size>`, a line break, the bytes and a line break for each object. */
function splitBatch(output: Buffer): readonly BatchEntry[] {
  const entries: BatchEntry[] = [];
  let offset = 0;
  while (offset < output.length) {
    const lineEnd = output.indexOf("\n", offset);
    const [object = "", type = "", size] = output.subarray(offset, lineEnd).toString().split(" ");
    offset = lineEnd + 1;
    if (size === undefined) continue;
    const end = offset + Number(size);
    entries.push({ object, type, text: output.subarray(offset, end).toString() });
    offset = end + 1;
  }
  return entries;
}

function parseTag(object: ObjectId, text: string): TagObject | undefined {
  const match = /^object ([0-9a-f]+)\ntype ([a-z]+)\ntag ([^\n]+)\n/.exec(text);
  const [, target, targetType, name] = match ?? [];
  if (target === undefined || targetType === undefined || name === undefined) return undefined;
  return { object, target, targetType, name, text };
}
