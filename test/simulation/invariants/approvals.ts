import { looksOnly } from "../../../promotion/mode.ts";
import { frozenRef } from "../../../promotion/ref.ts";
import { planDigest } from "../world/stops.ts";
import type { Apply } from "../world/terraform.ts";
import { type Click, statesOf, type World } from "../world/world.ts";
import { mayAsk } from "./permission.ts";
import { readPresent } from "./read.ts";
import { attemptAt, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

const bound = "nothing deleted that nobody approved";
const heard = "no approval lost";

type Word = Click & Required<Pick<Click, "owner" | "delivery">>;

/** Approvals are bound to what was read, and those that count are heard. */
export function watchApprovals(world: World, truths: Truths) {
  const words: Word[] = [];
  /** When the environment was frozen or thawed last, in steps. */
  const doorMoved = new Map<string, number>();
  world.watchers.push({
    clicked: (click) => {
      const { owner, delivery } = click;
      if (owner !== undefined && delivery !== undefined) words.push({ ...click, owner, delivery });
    },
    pushed: ({ moves }) => {
      for (const { name } of world.environments) {
        if (moves.some(({ ref }) => ref === frozenRef(name))) doorMoved.set(name, world.clock.ticks);
      }
    },
    applyBegins: (apply) => {
      const truth = truths.get(apply.environment);
      if (truth) expectApproved(world, truth, apply, words);
    },
  });
  return {
    expectHeard: (truth: Truth) => expectHeard(world, truth, words, doorMoved.get(truth.name) ?? 0),
  };
}

/** What deletes something where that takes an approval has one: of somebody who may, about a plan that was shown so. */
function expectApproved(world: World, truth: Truth, apply: Apply, words: readonly Word[]): void {
  const { environment, stack, commit, attempt: owner } = apply;
  const attempt = truth.attempts.find((one) => one.attempt.owner === owner)?.attempt;
  if (looksOnly(attempt?.mode)) throw new Violation(bound, `${commit} is applied by a mere look`);
  const state = statesOf(world, environment).find(({ name }) => name === stack);
  const isRazing = world.objects.commit(commit)?.nature === "razing" && state?.content !== commit;
  if (!state || !isRazing || attempt?.mode !== "incremental") return;
  const digest = planDigest(state, commit);
  const shown = truth.attempts.filter((one) => one.attempt.waits?.includes(digest));
  const approvers = words.filter((word) => shown.some((one) => one.attempt.owner === word.owner));
  if (!approvers.some(({ by }) => mayAsk(world, truth, by)))
    throw new Violation(bound, `${commit} is applied to ${stack}`);
}

/** Alice's word about the attempt that still waits must have let it go on, unless the door was shut meanwhile. */
function expectHeard(world: World, truth: Truth, words: readonly Word[], doorMoved: number): void {
  const { after } = world.environments.find(({ name }) => name === truth.name) ?? {};
  const { attempt: object, head, frozen } = readPresent(world, truth.name);
  const journal = object === undefined ? undefined : attemptAt(world, object);
  if (!journal || journal.head !== head || frozen || after !== null) return;
  const own = words.filter(({ by, owner }) => by === "alice" && owner === journal.owner);
  const lost = own.find(
    ({ delivery }) => (delivery.knownAt?.ticks ?? 0) > doorMoved && delivery.state === "delivered",
  );
  if (lost) throw new Violation(heard, `${lost.by} let ${journal.commit} go on (${lost.delivery.guid})`);
}
