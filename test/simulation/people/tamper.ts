import { formatAttempt } from "../../../promotion/attempt.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { formatRecord } from "../../../promotion/record.ts";
import { attemptRef, currentRef, recordRef, tagName } from "../../../promotion/ref.ts";
import { isForgotten } from "../invariants/records.ts";
import { latestOf, type Truth } from "../invariants/truth.ts";
import type { Tampering } from "../step.ts";
import { repositoryId, type World } from "../world/world.ts";
import { headOf } from "./branches.ts";

const vandal = "mallory";

/** Somebody who may write tags, and no ruleset forbids it, writes Waymark's. False: there is nothing to write. */
export function tamper(world: World, truth: Truth, how: Tampering): boolean {
  const update = updateFor(world, truth, how);
  if (!update || world.remote.refs.get(update.ref) === update.target) return false;
  if (wouldForget(world, truth, update)) return false;
  world.remote.force(update.ref, update.target, vandal);
  return true;
}

/** Whoever deletes all that leads to a record has deleted it: the repository is the database. */
export function wouldForget(world: World, truth: Truth, { ref, target }: Update): boolean {
  const refs = new Map(world.remote.refs);
  if (target === undefined) refs.delete(ref);
  else refs.set(ref, target);
  return isForgotten(world, truth, refs);
}

interface Update {
  readonly ref: string;
  readonly target: ObjectId | undefined;
}

function updateFor(world: World, truth: Truth, how: Tampering): Update | undefined {
  const head = headOf(world, truth.name);
  const last = latestOf(truth);
  const own = last && recordRef(truth.name, last.record.number);
  const attempt = attemptRef(truth.name);
  const next = recordRef(truth.name, (last?.record.number ?? 0) + 1);
  const old = truth.records.at(-2);
  switch (how) {
    case "delete-record":
      return own === undefined ? undefined : { ref: own, target: undefined };
    case "delete-old-record":
      return old && { ref: recordRef(truth.name, old.record.number), target: undefined };
    case "move-record":
      return own === undefined ? undefined : { ref: own, target: head };
    case "delete-attempt":
      return { ref: attempt, target: undefined };
    case "move-attempt":
      return { ref: attempt, target: head };
    case "replay-attempt":
      return { ref: attempt, target: truth.attempts.at(-2)?.object };
    case "settle-attempt":
      return last && { ref: attempt, target: last.object };
    case "take-next-number":
      return { ref: next, target: head };
    case "replay-record":
      return old && { ref: next, target: old.object };
    case "forge-record":
      return { ref: next, target: forgedRecord(world, truth, "unsigned") };
    case "forge-current":
      return { ref: currentRef(truth.name), target: forgedRecord(world, truth, "unknown-key") };
    case "forge-attempt":
      return { ref: attempt, target: forgedAttempt(world, truth) };
    case "unforge":
      return isForged(world, world.remote.refs.get(attempt))
        ? { ref: attempt, target: undefined }
        : undefined;
  }
}

/** Whether an object spells a record or attempt under a key that nobody trusts. */
export function isForged({ objects }: World, object: ObjectId | undefined): boolean {
  return object !== undefined && objects.tag(object)?.signature === "unknown-key";
}

function forgedRecord(
  world: World,
  truth: Truth,
  signature: "unsigned" | "unknown-key",
): ObjectId | undefined {
  const commit = headOf(world, truth.name);
  if (commit === undefined) return undefined;
  const number = (latestOf(truth)?.record.number ?? 0) + 1;
  const { name: environment } = truth;
  const record = { repository: repositoryId, environment, number, commit, branch: "dev", branchHead: commit };
  const message = formatRecord({ ...record, kind: "promotion" });
  return world.objects.addTag({
    name: tagName(recordRef(environment, number)),
    target: commit,
    message,
    signature,
    salt: "",
  });
}

function forgedAttempt(world: World, truth: Truth): ObjectId | undefined {
  const commit = headOf(world, truth.name);
  if (commit === undefined) return undefined;
  const { name: environment } = truth;
  const message = formatAttempt({
    repository: repositoryId,
    environment,
    commit,
    kind: "promotion",
    base: latestOf(truth)?.object,
    head: commit,
    owner: "stranger",
    tries: 1,
    result: "failed",
  });
  const name = tagName(attemptRef(environment));
  return world.objects.addTag({ name, target: commit, message, signature: "unknown-key", salt: "" });
}
