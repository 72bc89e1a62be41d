import { git, gitSays } from "./git.ts";

/** Refs by full name; the value is what the ref points at, so the tag object of an annotated tag. */
export type Refs = ReadonlyMap<string, string>;

export interface RefChange {
  readonly ref: string;
  /** Null for a ref that was created. */
  readonly before: string | null;
  /** Null for a ref that was deleted. */
  readonly after: string | null;
}

/** What GitHub writes where there is no object. */
export const zeroId = "0".repeat(40);

/** Reads all refs, or those below `prefixes`, sorted by name. */
export async function readRefs(directory: string, ...prefixes: readonly string[]): Promise<Refs> {
  const output = await git(directory, ["for-each-ref", "--format=%(objectname) %(refname)", ...prefixes]);
  const lines = output === "" ? [] : output.split("\n");
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** What one ref points at; undefined if it does not exist. `ref` is a full name. */
export async function readRef(directory: string, ref: string): Promise<string | undefined> {
  return (await readRefs(directory, ref)).get(ref);
}

/** The refs that differ between two readings. */
export function compareRefs(before: Refs, after: Refs): readonly RefChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: after.get(ref) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** True if `name` is a full ref name git accepts. */
export async function isRefName(directory: string, name: string): Promise<boolean> {
  return gitSays(directory, ["check-ref-format", name]);
}

/** Sets or deletes (`after: null`) a ref if it still is what `before` says. Throws otherwise. */
export async function updateRef(directory: string, { ref, before, after }: RefChange): Promise<void> {
  const [mode, target] = after === null ? [["-d"], [ref]] : [[], [ref, after]];
  await git(directory, ["update-ref", ...mode, "--end-of-options", ...target, before ?? zeroId]);
}

export const branchRef = (branch: string) => `refs/heads/${branch}`;
