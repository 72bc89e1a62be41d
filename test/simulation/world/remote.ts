import type { PushResult, RefUpdate } from "../../../adapters/git/push.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import type { Objects } from "./objects.ts";

/** A ref that moved. */
export interface Move {
  readonly ref: string;
  readonly before: ObjectId | undefined;
  readonly after: ObjectId | undefined;
}

/** Refs that moved together, and who moved them. */
export interface Push {
  readonly by: string;
  /** The run that pushed; undefined: a person did. */
  readonly from?: object | undefined;
  readonly moves: readonly Move[];
}

/** The repository on GitHub: its refs, true compare-and-swap, and the objects it holds. */
export interface Remote {
  readonly refs: ReadonlyMap<string, ObjectId>;
  /** What refs hold now; patterns are whole names, or prefixes that end in `*`. */
  read(patterns: readonly string[]): ReadonlyMap<string, ObjectId>;
  /** All or nothing, each ref only from what it is expected to hold. */
  push(updates: readonly RefUpdate[], by: string, from?: object): PushResult;
  /** Moves one ref wherever it was, as people do with --force. */
  force(ref: string, target: ObjectId | undefined, by: string): void;
  has(object: ObjectId): boolean;
}

/** `pushed` hears of every push that moved anything, before anybody else can act. */
export function createRemote(objects: Objects, pushed: (push: Push) => void): Remote {
  const refs = new Map<string, ObjectId>();
  const held = new Set<ObjectId>();
  const set = (ref: string, target: ObjectId | undefined): void => {
    if (target === undefined) refs.delete(ref);
    else refs.set(ref, target);
    for (let id = target; id !== undefined; id = objects.tag(id)?.target) held.add(id);
  };
  const move = (
    updates: readonly { ref: string; target: ObjectId | undefined }[],
    by: string,
    from?: object,
  ): void => {
    const moves = updates.map(({ ref, target }) => ({ ref, before: refs.get(ref), after: target }));
    for (const { ref, target } of updates) set(ref, target);
    const real = moves.filter(({ before, after }) => before !== after);
    if (real.length > 0) pushed({ by, from, moves: real });
  };
  return {
    refs,
    read: (patterns) =>
      new Map([...refs].filter(([ref]) => patterns.some((pattern) => matches(pattern, ref)))),
    push: (updates, by, from) => {
      const stale = updates.filter(({ ref, expected }) => refs.get(ref) !== expected).map(({ ref }) => ref);
      if (stale.length > 0) return { moved: false, why: "stale", refs: stale, said: "stale info" };
      move(updates, by, from);
      return { moved: true };
    },
    force: (ref, target, by) => move([{ ref, target }], by),
    has: (object) => held.has(object),
  };
}

function matches(pattern: string, ref: string): boolean {
  return pattern.endsWith("*") ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern;
}
