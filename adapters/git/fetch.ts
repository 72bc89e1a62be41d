import { isObjectId, type ObjectId } from "../../promotion/object-id.ts";
import { GitExit } from "./command.ts";
import type { Mirror } from "./mirror.ts";

/** Full names of refs, each either exact or ending in `*`, which stands for any ending. */
export type RefPattern = string;

const fetchFlags = ["--quiet", "--no-tags", "--prune", "--no-write-fetch-head", "--no-recurse-submodules"];

/**
 * Brings the named refs, their objects and their disappearance into the mirror, under the same names. Only these
 * names are asked of the server, so the answer does not grow with the history, and git's transport is not counted
 * against an API rate limit. An exact name that the remote lacks is taken off the mirror, too.
 */
export async function fetchRefs(mirror: Mirror, patterns: readonly RefPattern[]): Promise<void> {
  let wanted = [...patterns];
  while (wanted.length > 0) {
    const missing = await tryFetch(mirror, wanted);
    if (missing === undefined) return;
    await mirror.local(["update-ref", "-d", "--end-of-options", missing]);
    wanted = wanted.filter((pattern) => pattern !== missing);
  }
}

/** The exact name that the remote does not have, or undefined when all was fetched. */
async function tryFetch(mirror: Mirror, patterns: readonly RefPattern[]): Promise<string | undefined> {
  const refspecs = patterns.map((pattern) => `+${pattern}:${pattern}`);
  try {
    await mirror.remote(["fetch", ...fetchFlags, "--end-of-options", mirror.url, ...refspecs]);
    return undefined;
  } catch (error) {
    const missing =
      error instanceof GitExit ? /couldn't find remote ref (\S+)/.exec(error.stderr)?.[1] : undefined;
    if (missing === undefined || !patterns.includes(missing)) throw error;
    return missing;
  }
}

/** Brings one object with its history into the mirror, by its id. */
export async function fetchObject(mirror: Mirror, object: ObjectId): Promise<void> {
  if (!isObjectId(object)) throw new TypeError("fetchObject takes a full object id");
  await mirror.remote(["fetch", ...fetchFlags, "--end-of-options", mirror.url, object]);
}
