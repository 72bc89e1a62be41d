import type { ObjectId } from "../../../promotion/object-id.ts";
import type { Objects } from "./objects.ts";

/** A commit and everything it descends from. */
export function ancestry(objects: Objects, ...heads: readonly ObjectId[]): ReadonlySet<ObjectId> {
  const seen = new Set<ObjectId>();
  const open = [...heads];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(objects.commit(id)?.parents ?? []));
  }
  return seen;
}

export function isAncestor(objects: Objects, ancestor: ObjectId, descendant: ObjectId): boolean {
  return ancestor === descendant || ancestry(objects, descendant).has(ancestor);
}

/** Commits of `head` that none of `known` contains, merges apart. Merges of this world are always clean. */
export function missingCommits(
  objects: Objects,
  head: ObjectId,
  known: readonly ObjectId[],
): readonly ObjectId[] {
  const old = ancestry(objects, ...known);
  const isPlain = (id: ObjectId): boolean => (objects.commit(id)?.parents.length ?? 0) < 2;
  return [...ancestry(objects, head)].filter((id) => !old.has(id) && isPlain(id));
}
