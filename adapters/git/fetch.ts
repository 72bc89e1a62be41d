import { isObjectId, type ObjectId } from "../../promotion/object-id.ts";
import { GitExit } from "./command.ts";
import type { Mirror } from "./mirror.ts";
import { seenName } from "./seen.ts";

/** Full names of refs, each either exact or ending in `*`, which stands for any ending. */
export type RefPattern = string;

/** Maintenance would be one more process for each fetch: `maintain` does it when nobody waits. */
const fetchFlags = [
  "--quiet",
  "--no-tags",
  "--prune",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
];

/** Fetches that wait for their turn: whoever comes meanwhile joins, and all are answered by one. */
const waiting = new WeakMap<Mirror, { readonly patterns: Set<RefPattern>; readonly done: Promise<void> }>();

/**
 * Brings what the named refs hold now, their objects and their disappearance into the mirror, for `readRefs`. Only
 * these names are asked of the server, so the answer does not grow with the history, and git's transport is not
 * counted against an API rate limit. An exact name that the remote lacks is no error.
 */
export async function fetchRefs(mirror: Mirror, patterns: readonly RefPattern[]): Promise<void> {
  if (patterns.length === 0) return;
  const batch = waiting.get(mirror) ?? startBatch(mirror);
  for (const pattern of patterns) batch.patterns.add(pattern);
  await batch.done;
}

function startBatch(mirror: Mirror) {
  const patterns = new Set<RefPattern>();
  const done = mirror.inTurn(async () => {
    waiting.delete(mirror);
    await fetchAll(mirror, [...patterns]);
  });
  const batch = { patterns, done };
  waiting.set(mirror, batch);
  return batch;
}

async function fetchAll(mirror: Mirror, patterns: readonly RefPattern[]): Promise<void> {
  let wanted = patterns;
  while (wanted.length > 0) {
    const missing = await tryFetch(mirror, wanted);
    if (missing === undefined) return;
    await mirror.local(["update-ref", "-d", "--end-of-options", seenName(missing)]);
    wanted = wanted.filter((pattern) => pattern !== missing);
  }
}

/** The exact name that the remote does not have, or undefined when all was fetched. */
async function tryFetch(mirror: Mirror, patterns: readonly RefPattern[]): Promise<string | undefined> {
  const refspecs = patterns.map((pattern) => `+${pattern}:${seenName(pattern)}`);
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
