import { git } from "./git.ts";
import { type RefChange, zeroId } from "./refs.ts";

/** What a client asks `git-receive-pack` for. */
export interface PushRequest {
  readonly changes: readonly RefChange[];
  /** The answer is to be wrapped, so that progress can be told beside it. */
  readonly sideBand: boolean;
  /** The objects that come with it; empty if none do. */
  readonly pack: Buffer;
}

/** Parses the body of a `git-receive-pack` request. Format: git's `gitprotocol-pack`. */
export function parsePush(body: Buffer): PushRequest {
  const lines: string[] = [];
  let at = 0;
  for (let length = lengthAt(body, at); length > 0; length = lengthAt(body, at)) {
    lines.push(body.toString("utf8", at + prefix, at + length));
    at += length;
  }
  const capabilities = lines[0]?.split("\0")[1] ?? "";
  return {
    changes: lines.filter((line) => !line.startsWith("shallow ")).map(parseChange),
    sideBand: capabilities.includes("side-band-64k"),
    pack: body.subarray(at + prefix),
  };
}

/** Every line begins with its whole length as four hexadecimal digits; `0000` ends them. */
const prefix = 4;
const lengthAt = (body: Buffer, at: number) =>
  Number.parseInt(body.toString("utf8", at, at + prefix), 16) || 0;

function parseChange(line: string): RefChange {
  const [before = "", after = "", ref = ""] = (line.split("\0")[0] ?? "").trimEnd().split(" ");
  return { ref, before: present(before), after: present(after) };
}

const present = (id: string) => (id === zeroId ? null : id);

/** Takes the objects of a push in, without moving any ref. */
export async function takeObjects(directory: string, { pack }: PushRequest): Promise<void> {
  if (pack.length > 0) await git(directory, ["unpack-objects", "-q"], { input: pack });
}

/** The answer to a push of which nothing was done: a reason for each ref. */
export function reportRefusal({ changes, sideBand }: PushRequest, reason: (ref: string) => string): Buffer {
  const lines = ["unpack ok\n", ...changes.map(({ ref }) => `ng ${ref} ${reason(ref)}\n`)];
  const report = Buffer.concat([...lines.map((line) => packetLine(Buffer.from(line))), flush]);
  return sideBand ? Buffer.concat([packetLine(Buffer.concat([dataBand, report])), flush]) : report;
}

const flush = Buffer.from("0000");
const dataBand = Buffer.from([1]);

function packetLine(content: Buffer): Buffer {
  const length = (content.length + prefix).toString(16).padStart(prefix, "0");
  return Buffer.concat([Buffer.from(length), content]);
}
