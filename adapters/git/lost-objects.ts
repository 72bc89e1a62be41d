import type { ObjectId } from "../../promotion/object-id.ts";
import { GitExit } from "./command.ts";
import { fetchObject } from "./fetch.ts";
import type { Mirror } from "./mirror.ts";
import { missingObjects } from "./refs.ts";

/**
 * Reads of objects that were fetched before. Somebody may have deleted the mirror since, and what is not there any more
 * must not pass for what never was: it is fetched by its id, and read again. `isWhole`: nothing can be missing.
 */
export async function readAgain<T>(
  mirror: Mirror,
  objects: readonly ObjectId[],
  read: () => Promise<T>,
  isWhole: (answer: T) => boolean,
): Promise<T> {
  const answer = await read();
  if (isWhole(answer)) return answer;
  const lost = await missingObjects(mirror, objects);
  if (lost.length === 0) return answer;
  for (const object of lost) await fetchIfThere(mirror, object);
  return await read();
}

/** Somebody may have deleted the last ref that led to an object, and the remote may have thrown it away since. */
async function fetchIfThere(mirror: Mirror, object: ObjectId): Promise<void> {
  try {
    await fetchObject(mirror, object);
  } catch (error) {
    if (!(error instanceof GitExit && error.stderr.includes("not our ref"))) throw error;
  }
}
