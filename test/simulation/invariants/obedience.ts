import type { Attempt, StoredAttempt } from "../../../promotion/attempt.ts";
import { requestCheckName, requestId } from "../../../promotion/check-name.ts";
import { attemptRef } from "../../../promotion/ref.ts";
import { ancestry } from "../world/ancestry.ts";
import type { Push } from "../world/remote.ts";
import { botLogin, type World } from "../world/world.ts";
import { mayAsk } from "./permission.ts";
import { attemptAt, latestOf, type Truth, type Truths } from "./truth.ts";
import { Violation } from "./violation.ts";

/** Nobody is obeyed who may not ask, and nobody twice. */
export function watchObedience(world: World, truths: Truths): void {
  const clicks: string[] = [];
  const looks = watchLooks(world);
  world.watchers.push({
    clicked: ({ environment, commit, by }) => void clicks.push(`${environment} ${commit} ${by}`),
    // One that an old look lets begin once more is harmless, as long as its fence keeps it from applying anything.
    applyBegins: ({ environment, attempt: owner }) => {
      const truth = truths.get(environment);
      const attempt = truth?.attempts.find((one) => one.attempt.owner === owner)?.attempt;
      if (!truth || !attempt) return;
      expectUnserved(world, truth, attempt);
      expectWanted(truth, attempt, latestOf(truth)?.record.commit);
    },
    pushed: (push) => {
      for (const truth of truths.values()) {
        const begun = begunBy(push, truth);
        if (!begun) continue;
        checkAttempt(world, truth, begun, clicks);
        if (looks.sawAnswer(push.from, begun.attempt.event)) expectUnserved(world, truth, begun.attempt);
      }
    },
  });
}

/** Tells what a run could know when it decided. */
function watchLooks(world: World) {
  const refsRead = new WeakMap<object, number>();
  const lookedAt = new WeakMap<object, number>();
  const answeredAt = new Map<string, number>();
  world.watchers.push({
    refsRead: (run) => void refsRead.set(run, world.clock.ticks),
    eventsRead: (run) => void lookedAt.set(run, refsRead.get(run) ?? 0),
    pushed: ({ moves }) => {
      for (const { after } of moves) {
        const attempt = after === undefined ? undefined : attemptAt(world, after);
        if (attempt?.event === undefined || attempt.result === "open") continue;
        answeredAt.set(attempt.event, answeredAt.get(attempt.event) ?? world.clock.ticks);
      }
    },
  });
  return {
    /** The request was answered before that run looked. */
    sawAnswer: (run: object | undefined, event: string | undefined): boolean => {
      const answered = event === undefined ? undefined : answeredAt.get(event);
      const looked = run && lookedAt.get(run);
      return answered !== undefined && looked !== undefined && answered < looked;
    },
  };
}

/** The attempt that a push begins. */
export function begunBy(push: Push, truth: Truth): StoredAttempt | undefined {
  const move = push.by === botLogin && push.moves.find(({ ref }) => ref === attemptRef(truth.name));
  const newest = truth.attempts.at(-1);
  // What was there before and is put back does not begin anew.
  const isNew =
    truth.attempts.findIndex(({ object }) => object === newest?.object) === truth.attempts.length - 1;
  const begins = move && isNew && move.after === newest?.object && newest?.attempt.result === "open";
  return begins ? newest : undefined;
}

function checkAttempt(
  world: World,
  truth: Truth,
  { attempt }: StoredAttempt,
  clicks: readonly string[],
): void {
  if (attempt.event !== undefined) {
    checkRequest(world, truth, attempt.event, attempt.commit);
    return;
  }
  const { base, commit, requestedBy } = attempt;
  if (requestedBy !== undefined) {
    const isReal =
      mayAsk(world, truth, requestedBy) && clicks.includes(`${truth.name} ${commit} ${requestedBy}`);
    if (!isReal)
      throw new Violation("nobody obeyed who may not ask", `${requestedBy} asked to run ${commit} again`);
  }
  // A look may be older than the latest record, if a stranger puts the journal back to what it held then.
  expectWanted(truth, attempt, truth.records.find(({ object }) => object === base)?.record.commit);
}

/** Without anybody asking only the branch is followed, or what is recorded is made good. */
function expectWanted({ name }: Truth, { kind, event, commit }: Attempt, recorded: string | undefined): void {
  if (kind !== "promotion" && event === undefined && commit !== recorded)
    throw new Violation(
      "nobody obeyed who may not ask",
      `a ${kind} of ${name} to ${commit} that nobody asked for`,
    );
}

function checkRequest(world: World, truth: Truth, event: string, commit: string): void {
  const move = truth.moves.find(({ delivery }) => delivery === event);
  const asked = move?.after && world.objects.commitBehind(move.after);
  if (!move || asked !== commit)
    throw new Violation("nobody obeyed who may not ask", `${event} did not ask for ${commit}`);
  if (!mayAsk(world, truth, move.by))
    throw new Violation("nobody obeyed who may not ask", `${move.by} moved current to ${commit}`);
  const reachable = ancestry(world.objects, ...truth.heads);
  if (!reachable.has(commit) && !truth.records.some(({ record }) => record.commit === commit))
    throw new Violation("nobody obeyed who may not ask", `${commit} is no part of the branch`);
}

/** Whoever lets an attempt go on says again what was asked. */
function expectUnserved(world: World, truth: Truth, { event, commit, approvedBy }: Attempt): void {
  if (approvedBy !== undefined) return;
  if (event !== undefined && wasAnswered(world, truth, event))
    throw new Violation("no request served twice", `${event} for ${commit}`);
}

/** By a record, a failed attempt or a refusal. */
function wasAnswered({ board }: World, truth: Truth, event: string): boolean {
  const ended = truth.attempts.some(({ attempt }) => attempt.event === event && attempt.result !== "open");
  const name = requestCheckName(truth.name);
  const refused = board.checks.some(
    (check) => check.name === name && check.externalId === requestId(event) && check.conclusion === "failure",
  );
  return ended || refused;
}
