import type { ObjectId } from "../../../promotion/object-id.ts";
import { attemptRef, currentRef, frozenRef } from "../../../promotion/ref.ts";
import { headOf } from "../people/branches.ts";
import type { World } from "../world/world.ts";

/** What the refs of an environment hold right now. */
export interface Present {
  readonly head: ObjectId | undefined;
  readonly current: ObjectId | undefined;
  readonly attempt: ObjectId | undefined;
  readonly frozen: boolean;
}

export function readPresent(world: World, environment: string): Present {
  const { refs } = world.remote;
  return {
    head: headOf(world, environment),
    current: refs.get(currentRef(environment)),
    attempt: refs.get(attemptRef(environment)),
    frozen: refs.has(frozenRef(environment)),
  };
}
