import type { ObjectId } from "../../promotion/object-id.ts";
import { GitExit } from "./command.ts";
import { fetchRefs } from "./fetch.ts";
import type { Mirror } from "./mirror.ts";
import { readRefs } from "./refs.ts";

/** One ref's compare-and-swap. */
export interface RefUpdate {
  /** Full name. */
  readonly ref: string;
  /** What the ref must hold now; undefined: it must not exist. */
  readonly expected: ObjectId | undefined;
  /** What it shall hold; undefined: it shall be deleted. */
  readonly target: ObjectId | undefined;
}

/** Either every ref moved or none did. */
export type PushResult =
  | { readonly moved: true }
  /** `stale`: some ref no longer held what was expected. `refused`: the server forbids it, in its own words. */
  | {
      readonly moved: false;
      readonly why: "stale" | "refused";
      readonly refs: readonly string[];
      readonly said: string;
    };

/** Moves refs on the remote in one atomic push, each only from the value it is expected to have. */
export async function pushRefs(mirror: Mirror, updates: readonly RefUpdate[]): Promise<PushResult> {
  // Without a refspec, git would push what it thinks best.
  if (updates.length === 0) return { moved: true };
  const leases = updates.map(({ ref, expected }) => `--force-with-lease=${ref}:${expected ?? ""}`);
  const refspecs = updates.map(({ ref, target }) => `${target ?? ""}:${ref}`);
  const flags = ["--atomic", "--porcelain", "--no-verify", "--no-signed"];
  try {
    await mirror.remote(["push", ...flags, ...leases, "--end-of-options", mirror.url, ...refspecs]);
    return { moved: true };
  } catch (error) {
    if (!(error instanceof GitExit)) throw error;
    const result = refusal(error);
    if (result === undefined) throw error;
    const isStale = !result.moved && result.why === "stale";
    return isStale && (await holdTargets(mirror, updates)) ? { moved: true } : result;
  }
}

/**
 * When a kept connection breaks, git's HTTP client sends its request again without a word: then the second time finds
 * what the first has done.
 */
async function holdTargets(mirror: Mirror, updates: readonly RefUpdate[]): Promise<boolean> {
  const names = updates.map(({ ref }) => ref);
  await fetchRefs(mirror, names);
  const refs = await readRefs(mirror, names);
  return updates.every(({ ref, target }) => refs.get(ref) === target);
}

/** What git said about refs it would not move; undefined when it failed for another reason (the network, say). */
function refusal(error: GitExit): PushResult | undefined {
  const said = `${error.stdout}\n${error.stderr}`;
  const rejected = [...said.matchAll(/^!\t[^\t]*:([^\t\n]+)\t\[(?:remote )?rejected\] \(([^)\n]*)\)/gm)];
  if (rejected.length === 0) return undefined;
  const causes = rejected.filter(([, , reason]) => !companionReasons.test(reason ?? ""));
  if (causes.some(([, , reason]) => reason === "unpacker error")) return undefined;
  const stale = causes.every(([, , reason]) => staleReasons.test(reason ?? "")) && !inTheWay.test(said);
  return {
    moved: false,
    why: stale ? "stale" : "refused",
    refs: causes.flatMap(([, ref]) => (ref === undefined ? [] : [ref])),
    said: [...causes.map(([, , reason]) => reason), ...(inTheWay.exec(said) ?? [])].join("; "),
  };
}

/** What is said of refs that only share the fate of others. */
const companionReasons = /^atomic push fail(ed|ure)$/;

/** How git and its server say that a ref no longer holds what was expected. */
const staleReasons =
  /stale info|fetch first|failed to update ref|atomic transaction failed|cannot lock ref|already exists|incorrect old value/i;

/** A ref that stands where another would need a folder: looking again would not help. */
const inTheWay = /'[^'\n]+' exists; cannot create '[^'\n]+'/;
