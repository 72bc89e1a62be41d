import { type Attempt, parseAttempt, type StoredAttempt } from "../../../promotion/attempt.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { parseRecord, type StoredRecord } from "../../../promotion/record.ts";
import { branchRef, parseDeployRef } from "../../../promotion/ref.ts";
import type { Move, Push } from "../world/remote.ts";
import { botLogin, type Watcher, type World } from "../world/world.ts";

/** A move of `current`, and the webhook that tells of it. */
export interface PointerMove extends Move {
  readonly by: string;
  readonly delivery: string;
  /** In seconds since the world began. */
  readonly at: number;
}

/** What really happened in one environment, whatever the refs say by now. */
export interface Truth {
  readonly name: string;
  /** Every record that Waymark pushed, oldest first. */
  readonly records: StoredRecord[];
  /** Every attempt that Waymark pushed, in each of its states, oldest first. */
  readonly attempts: StoredAttempt[];
  /** Every move of `current`, oldest first. */
  readonly moves: PointerMove[];
  /** Every commit that was the branch's head. */
  readonly heads: ObjectId[];
  /** When each run last read what webhooks told, in steps. */
  readonly eventsReadAt: WeakMap<object, number>;
}

export type Truths = ReadonlyMap<string, Truth>;

/** Keeps the truth from now on. Must be the first of the watchers: the others read what it wrote. */
export function watchTruth(world: World): Truths {
  const eventsReadAt = new WeakMap<object, number>();
  const truths = new Map(
    world.environments.map(({ name }): [string, Truth] => [
      name,
      { name, records: [], attempts: [], moves: [], heads: [], eventsReadAt },
    ]),
  );
  const watcher: Watcher = {
    pushed: (push) => note(world, truths, push),
    eventsRead: (run) => void eventsReadAt.set(run, world.clock.ticks),
  };
  world.watchers.push(watcher);
  return truths;
}

function note(world: World, truths: Truths, push: Push): void {
  for (const [index, move] of push.moves.entries()) {
    for (const { name, branch } of world.environments) {
      if (branch !== null && move.ref === branchRef(branch) && move.after)
        truths.get(name)?.heads.push(move.after);
    }
    const ref = parseDeployRef(move.ref);
    const truth = ref && truths.get(ref.environment);
    if (!truth) continue;
    if (ref.kind === "current") {
      // Events are sent in the order of the moves, right after all watchers have heard.
      const delivery = `guid-${world.post.all.length + index + 1}`;
      truth.moves.push({ ...move, by: push.by, delivery, at: world.clock.seconds });
    }
    if (push.by === botLogin && ref.kind === "attempt") noteAttempt(world, truth, move);
    if (push.by === botLogin && ref.kind === "record") noteRecord(world, truth, move);
  }
}

function noteAttempt(world: World, truth: Truth, { after }: Move): void {
  const attempt = after && attemptAt(world, after);
  if (attempt) truth.attempts.push({ object: after, attempt });
}

function noteRecord({ objects }: World, truth: Truth, { after }: Move): void {
  const tag = after === undefined ? undefined : objects.tag(after);
  const record = tag && parseRecord(tag.message);
  if (!tag || !record || truth.records.some(({ object }) => object === tag.object)) return;
  truth.records.push({ object: tag.object, record });
}

/** The attempt that an object says it is. */
export function attemptAt({ objects }: World, object: ObjectId): Attempt | undefined {
  const tag = objects.tag(object);
  return tag && parseAttempt(tag.message);
}

/** The newest record that Waymark ever pushed. */
export const latestOf = ({ records }: Truth): StoredRecord | undefined => records.at(-1);
