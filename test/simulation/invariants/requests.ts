import { requestCheckName, requestId } from "../../../promotion/check-name.ts";
import { currentRef } from "../../../promotion/ref.ts";
import { readRequestOptions } from "../../../promotion/request-options.ts";
import type { Push } from "../world/remote.ts";
import { botLogin, type World } from "../world/world.ts";
import { mayAsk } from "./permission.ts";
import { attemptAt, type PointerMove, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

const promise = "no authorised request lost";

/** Whenever Waymark moves `current` away from where a person put it, that person's request was answered. */
export function watchRequests(world: World, truths: Truths): void {
  world.watchers.push({
    pushed: (push) => {
      if (push.by !== botLogin) return;
      for (const truth of truths.values()) checkPush(world, truth, push);
    },
  });
}

function checkPush(world: World, truth: Truth, push: Push): void {
  if (!push.moves.some(({ ref }) => ref === currentRef(truth.name))) return;
  const asked = truth.moves.at(-2);
  if (!asked || asked.by === botLogin || asked.after === undefined) return;
  const attempt = push.moves.flatMap(({ after }) => (after && attemptAt(world, after)) || [])[0];
  if (attempt?.event === asked.delivery) return;
  const other = truth.moves.find(({ delivery }) => delivery === attempt?.event);
  if (other?.after === asked.after && mayAsk(world, truth, asked.by)) return;
  if (other && isTakenFor(world, truth, push, other, asked)) return;
  if (attempt)
    throw new Violation(promise, `${tell(asked)} and ${attempt.result} ${attempt.kind} overwrote it`);
  expectRefusal(world, truth, push, asked);
}

/**
 * An earlier move to the very same object was answered instead: nobody can tell the two apart while none of the moves
 * after it is known.
 */
function isTakenFor(
  { post }: World,
  truth: Truth,
  { from }: Push,
  other: PointerMove,
  asked: PointerMove,
): boolean {
  if (other.after !== asked.after || from === undefined) return false;
  const readAt = truth.eventsReadAt.get(from) ?? 0;
  const later = truth.moves.slice(truth.moves.indexOf(other) + 1, truth.moves.indexOf(asked) + 1);
  const isUnknown = ({ delivery: guid }: PointerMove): boolean => {
    const known = post.all.find((delivery) => delivery.guid === guid)?.knownAt;
    return known === undefined || known.ticks > readAt;
  };
  return later.every(isUnknown);
}

/** It was put back: only with a word, and only for a reason. */
function expectRefusal(world: World, truth: Truth, push: Push, asked: PointerMove): void {
  const name = requestCheckName(truth.name);
  const told = world.board.checks.filter((check) => check.name === name && check.conclusion === "failure");
  const isNone = asked.after !== undefined && world.objects.commitBehind(asked.after) === undefined;
  const unsigned = told.some(({ externalId }) => externalId === `unknown:${asked.after}`);
  if (unsigned && (isNone || wasLate(world, asked))) return;
  const isAnswer = ({ delivery, after }: PointerMove): boolean =>
    after === asked.after && told.some(({ externalId }) => externalId === requestId(delivery));
  // What is no commit is refused whoever asked.
  if (isNone && truth.moves.some(isAnswer)) return;
  if (truth.moves.some((other) => isAnswer(other) && isTakenFor(world, truth, push, other, asked))) return;
  const answer = told.find(({ externalId }) => externalId === requestId(asked.delivery));
  if (!answer) throw new Violation(promise, `${tell(asked)} and nobody told why it was put back`);
  if (isMumbled(world, asked)) return;
  if (asked.by === "alice" && wasDeployed(world, truth, asked))
    throw new Violation(promise, `${tell(asked)} and was refused: ${answer.title}`);
}

/** Its message asks for something that nobody understands. */
function isMumbled({ objects }: World, { after }: PointerMove): boolean {
  const tag = after === undefined ? undefined : objects.tag(after);
  return tag?.signature === "unsigned" && readRequestOptions(tag.message) === undefined;
}

/** Seconds that an author may stay unknown. */
const grace = 60;

/** GitHub told nobody within the time that a webhook may take. */
function wasLate({ post }: World, { delivery: guid, at }: PointerMove): boolean {
  const knownAt = post.all.find((delivery) => delivery.guid === guid)?.knownAt;
  return knownAt === undefined || knownAt.seconds - at >= grace;
}

/** What was deployed here before, and can be found in the repository, may be deployed again. */
function wasDeployed({ objects, remote }: World, { records }: Truth, { after }: PointerMove): boolean {
  const commit = after && objects.commitBehind(after);
  const held = new Set(remote.refs.values());
  return records.some(({ object, record }) => held.has(object) && record.commit === commit);
}

const tell = ({ by, after, delivery }: PointerMove): string =>
  `${by} moved current to ${after} (${delivery})`;
