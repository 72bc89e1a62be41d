import type { Repository } from "../../adapters/git/repository.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { attemptRef, currentRef, frozenRef } from "../../promotion/ref.ts";

/** Why an attempt may not apply any further. */
export type FenceReason =
  /** Another attempt took the journal over: it goes on, we stop. */
  | "attempt-lost"
  /** Somebody moved `current`: the rules have to look again. */
  | "current-moved"
  | "frozen";

/** Thrown out of the phases; no failure of the deployment. */
export class FenceClosed extends Error {
  override readonly name = "FenceClosed";
  readonly reason: FenceReason;

  constructor(reason: FenceReason) {
    super(`the fence is closed: ${reason}`);
    this.reason = reason;
  }
}

/** What must still hold when something is about to be applied. */
export interface FencePosts {
  readonly environment: string;
  readonly attempt: ObjectId;
  readonly current: ObjectId | undefined;
}

/** Reads the refs again, right before an apply. Throws FenceClosed when the world has moved on. */
export async function fence(repository: Pick<Repository, "fetchRefs">, posts: FencePosts): Promise<void> {
  const names = [attemptRef, currentRef, frozenRef].map((ref) => ref(posts.environment));
  const refs = await repository.fetchRefs(names.map((name) => `${name}*`));
  const [attempt, current, frozen] = names.map((name) => refs.get(name));
  if (attempt !== posts.attempt) throw new FenceClosed("attempt-lost");
  if (current !== posts.current) throw new FenceClosed("current-moved");
  if (frozen !== undefined) throw new FenceClosed("frozen");
}
