import type { ObjectId } from "../../promotion/object-id.ts";
import type { NotedEvent } from "../queues.ts";

/**
 * The heads that the branch got after the one that was looked at, as far as is told: a webhook can be faster than a look,
 * and what is yet to be looked at must not be closed. None where the branch came back to that head.
 */
export function laterHeads(
  pushes: readonly Pick<NotedEvent, "before" | "after">[],
  head: ObjectId | undefined,
): ReadonlySet<ObjectId> {
  const later = new Set<ObjectId>();
  const moves = pushes.filter(({ before, after }) => before !== after);
  for (let at = head; at !== undefined; ) {
    const next: ObjectId | undefined = moves.find(({ before }) => before === at)?.after;
    if (next === head) return new Set();
    if (next === undefined || later.has(next)) return later;
    later.add(next);
    at = next;
  }
  return later;
}
