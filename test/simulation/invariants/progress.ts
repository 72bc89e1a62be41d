import type { ObjectId } from "../../../promotion/object-id.ts";
import { policyPath } from "../../../promotion/policy.ts";
import { isAncestor, missingCommits } from "../world/ancestry.ts";
import type { World } from "../world/world.ts";
import { type Present, readPresent } from "./read.ts";
import { attemptAt, latestOf, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

const promise = "everything wanted is done, or held for a reason";

/** What a quiet environment may look like. */
export function expectProgress(world: World, truths: Truths, truth: Truth): void {
  const present = readPresent(world, truth.name);
  expectPointer(truth, present);
  const last = latestOf(truth);
  const unfinished = present.attempt !== last?.object;
  if (unfinished && !expectFailure(world, truth, present)) return;
  if (present.head === undefined || present.head === last?.record.branchHead) return;
  if (!isHeld(world, truths, truth, present))
    throw new Violation(promise, `${present.head} is not deployed to ${truth.name}`);
}

function expectPointer(truth: Truth, { current, frozen }: Present): void {
  const last = latestOf(truth);
  if (current !== last?.object && !frozen)
    throw new Violation(
      promise,
      `current of ${truth.name} rests at ${current}, the record is ${last?.object}`,
    );
}

/** Nothing stays unfinished but what failed or is frozen. False: this says all there is to say. */
function expectFailure(world: World, truth: Truth, { attempt, head, frozen }: Present): boolean {
  if (frozen) return false;
  const journal = attempt === undefined ? undefined : attemptAt(world, attempt);
  if (journal?.result === "failed" && journal.head === head) {
    if (journal.failure?.code === "plan-stale" && journal.tries < 3)
      throw new Violation(
        promise,
        `${journal.commit} failed in ${truth.name} only because its plan was stale`,
      );
    return false;
  }
  if (latestOf(truth)) throw new Violation(promise, `the journal of ${truth.name} rests at ${attempt}`);
  return true;
}

function isHeld(world: World, truths: Truths, truth: Truth, { frozen, head }: Present): boolean {
  if (head === undefined) return true;
  const { objects, environments } = world;
  const files = objects.commit(head)?.files ?? {};
  const last = latestOf(truth)?.record;
  const rewritten = last !== undefined && !isAncestor(objects, last.branchHead, head);
  const unreadable = files[policyPath]?.endsWith("{") ?? false;
  const first = truths.get(environments.find(({ name }) => name === truth.name)?.after ?? "");
  const closed = first !== undefined && gateIsClosed(world, truth, first, head);
  return frozen || rewritten || unreadable || closed || !("cdktf.json" in files);
}

function gateIsClosed(world: World, truth: Truth, first: Truth, head: ObjectId): boolean {
  const deployed = latestOf(first)?.record.commit;
  if (deployed === undefined) return true;
  const own = latestOf(truth)?.record.commit;
  return missingCommits(world.objects, head, own ? [own, deployed] : [deployed]).length > 0;
}
