import { gitBytes } from "./git.ts";
import { askOnce } from "./immutable.ts";

/** Who and when, as a commit or tag object writes it. `date` is ISO 8601 with the writer's offset. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A commit or tag object, taken apart. */
export interface GitObject {
  readonly sha: string;
  readonly type: "commit" | "tag";
  /** First value of a header, e.g. `tree`. */
  readonly header: (name: string) => string | undefined;
  /** Every value of a header, e.g. of `parent`. */
  readonly headers: (name: string) => readonly string[];
  readonly message: string;
  /** The armoured signature, if there is one. */
  readonly signature: string | null;
  /** What the signature signs. */
  readonly payload: string | null;
}

/** Reads commit and tag objects in the order given. Throws if one is missing or is neither. */
export async function readObjects(directory: string, shas: readonly string[]): Promise<readonly GitObject[]> {
  if (shas.length === 0) return [];
  const output = Buffer.from(await gitBytes(directory, ["cat-file", "--batch"], `${shas.join("\n")}\n`));
  const objects: GitObject[] = [];
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf("\n", at);
    const [sha = "", type, size] = output.subarray(at, lineEnd).toString().split(" ");
    if (type !== "commit" && type !== "tag") throw new Error(`${sha} is not a commit or tag: ${type}`);
    const start = lineEnd + 1;
    const end = start + Number(size);
    objects.push(parseObject(sha, type, output.subarray(start, end).toString()));
    at = end + 1;
  }
  return objects;
}

/** Reads one commit or tag object. */
export async function readObject(directory: string, sha: string): Promise<GitObject> {
  const object = await readOnce(directory, sha);
  if (object === undefined) throw new Error(`no object ${sha}`);
  return object;
}

const readOnce = askOnce(async (directory, sha: string) => (await readObjects(directory, [sha]))[0]);

function parseObject(sha: string, type: "commit" | "tag", raw: string): GitObject {
  const split = raw.indexOf("\n\n");
  const head = split === -1 ? raw : raw.slice(0, split);
  const body = split === -1 ? "" : raw.slice(split + 2);
  const entries = parseHeaders(head);
  const headers = (name: string) => entries.filter(([key]) => key === name).map(([, value]) => value);
  const header = (name: string) => headers(name)[0];
  const signed = type === "tag" ? tagSignature(raw, body) : commitSignature(raw, header("gpgsig"));
  return { sha, type, header, headers, message: body, signature: null, payload: null, ...signed };
}

/** A header goes on in the next line if that begins with a space. */
function parseHeaders(head: string): readonly (readonly [string, string])[] {
  return head
    .replaceAll("\n ", "\0")
    .split("\n")
    .map((line) => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), line.slice(space + 1).replaceAll("\0", "\n")] as const;
    });
}

interface Signed {
  readonly message?: string;
  readonly signature: string;
  readonly payload: string;
}

/** A tag carries its signature at the end of its message. */
function tagSignature(raw: string, body: string): Signed | undefined {
  const at = body.search(/^-----BEGIN (SSH|PGP) SIGNATURE-----$/m);
  if (at === -1) return undefined;
  return {
    message: body.slice(0, at),
    signature: body.slice(at),
    payload: raw.slice(0, raw.length - body.length + at),
  };
}

/** A commit carries its signature in a header. */
function commitSignature(raw: string, signature: string | undefined): Signed | undefined {
  if (signature === undefined) return undefined;
  return { signature, payload: raw.replace(/^gpgsig .*\n(?: .*\n)*/m, "") };
}

/** Parses `Name <mail> 1700000000 +0100`. */
export function parseSignature(line: string): Signature {
  const match = /^(?<name>.*?) ?<(?<email>[^>]*)> (?<seconds>\d+) (?<offset>[+-]\d{4})$/.exec(line);
  const { name = "", email = "", seconds = "0", offset = "+0000" } = match?.groups ?? {};
  return { name, email, date: withOffset(Number(seconds), offset) };
}

function withOffset(seconds: number, offset: string): string {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3));
  const shifted = seconds + (offset.startsWith("-") ? -60 : 60) * minutes;
  const local = new Date(shifted * 1000).toISOString().slice(0, 19);
  return minutes === 0 ? `${local}Z` : `${local}${offset.slice(0, 3)}:${offset.slice(3)}`;
}
