import type { Attempt } from "../../../promotion/attempt.ts";
import { attemptRef } from "../../../promotion/ref.ts";
import { isAncestor } from "../world/ancestry.ts";
import type { World } from "../world/world.ts";
import { begunBy } from "./obedience.ts";
import { attemptAt, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

const promise = "the branch is followed, and only when it moves";

/** A promotion goes to what the branch led to, and undoes neither a rollback nor a failure by itself. */
export function watchPromotions(world: World, truths: Truths): void {
  world.watchers.push({
    pushed: (push) => {
      for (const truth of truths.values()) {
        const begun = begunBy(push, truth);
        if (begun?.attempt.kind !== "promotion") continue;
        const before = push.moves.find(({ ref }) => ref === attemptRef(truth.name))?.before;
        checkPromotion(
          world,
          truth,
          begun.attempt,
          before === undefined ? undefined : attemptAt(world, before),
        );
      }
    },
  });
}

function checkPromotion(world: World, truth: Truth, attempt: Attempt, before: Attempt | undefined): void {
  const { commit, base, requestedBy, approvedBy, head } = attempt;
  if (!truth.heads.includes(commit) || head !== commit)
    throw new Violation(promise, `${commit} was never the head of ${truth.name}`);
  if (requestedBy !== undefined || approvedBy !== undefined) return;
  const from = truth.records.find(({ object }) => object === base)?.record;
  if (from?.branchHead === commit)
    throw new Violation(promise, `${commit} is promoted again over deployment ${from.number}`);
  if (from && !isAncestor(world.objects, from.branchHead, commit))
    throw new Violation(promise, `${commit} rewrites the branch, and nobody confirmed it`);
  if (before?.result === "failed" && before.head === commit)
    throw new Violation(promise, `${commit} failed, and is tried again although nobody asked`);
}
