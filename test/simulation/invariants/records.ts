import type { ObjectId } from "../../../promotion/object-id.ts";
import { attemptRef, currentRef, parseDeployRef, recordRef } from "../../../promotion/ref.ts";
import type { Move, Push } from "../world/remote.ts";
import { botLogin, type World } from "../world/world.ts";
import { attemptAt, latestOf, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

/** A number is given once, and Waymark never puts anything but its own record there. */
export function watchRecords(world: World, truths: Truths): void {
  world.watchers.push({
    pushed: (push) => {
      if (push.by !== botLogin) return;
      for (const move of push.moves) checkMove(truths, push, move);
    },
  });
}

function checkMove(truths: Truths, { moves }: Push, { ref, before, after }: Move): void {
  const parsed = parseDeployRef(ref);
  const truth = parsed && truths.get(parsed.environment);
  if (!truth || parsed.kind !== "record") return;
  const same = truth.records.filter(({ record }) => record.number === parsed.number);
  if (after === undefined || !same.some(({ object }) => object === after))
    throw new Violation("records are never rewritten", `${ref} became ${after}`);
  if (same.length > 1)
    throw new Violation(
      "records are never rewritten",
      `${ref} was given to ${same.map(({ object }) => object)}`,
    );
  const isPutBack = moves.length === 1;
  if (before !== undefined && !isPutBack)
    throw new Violation("records are never rewritten", `${ref} held ${before} and was overwritten`);
}

/** The newest record is found at its own number, at `current` and at `attempt`, unless something is on hold. */
export function expectRecordsInPlace(world: World, truth: Truth): void {
  const last = latestOf(truth);
  if (!last) return;
  const ref = recordRef(truth.name, last.record.number);
  if (world.remote.refs.get(ref) !== last.object)
    throw new Violation("records are put back", `${ref} holds ${world.remote.refs.get(ref)}`);
}

/** Nothing in the repository would lead to the newest record any more. */
export function isForgotten(world: World, truth: Truth, refs: ReadonlyMap<string, ObjectId>): boolean {
  const last = latestOf(truth);
  if (!last) return false;
  const names = [recordRef(truth.name, last.record.number), currentRef(truth.name), attemptRef(truth.name)];
  const held = names.map((name) => refs.get(name)).filter((object) => object !== undefined);
  const attempt = held.flatMap((object) => attemptAt(world, object) ?? []);
  const behind = attempt.flatMap(({ base, record }) => [base, record]);
  return ![...held, ...behind].includes(last.object);
}
