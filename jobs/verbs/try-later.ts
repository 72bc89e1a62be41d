import type { Attempt } from "../../promotion/attempt.ts";
import type { Failure } from "../../promotion/failure.ts";
import { shortId } from "../../promotion/object-id.ts";
import { isOvertaken } from "../../promotion/recovery.ts";
import { code } from "../../promotion/report/markdown.ts";
import type { RunningAttempt } from "./running-attempt.ts";

const maximumTries = 3;
/** Before the second try, in milliseconds; doubled before each further one, give or take half. */
const firstDelay = 10_000;

/** Would the same, tried again, perhaps succeed? What the phases tried again themselves is not asked about. */
export function mayHelp({ open }: RunningAttempt, failure: Failure): boolean {
  const passing = failure.class === "transient" || failure.class === "lock" || isOvertaken(failure);
  return passing && open.attempt.tries < maximumTries;
}

/** Tried again and again without an end, as when each try takes its worker down: nothing is tried for ever. */
export function isHopeless({ tries }: Attempt): boolean {
  return tries > maximumTries;
}

export function triedInVain({ commit, environment }: Attempt): Failure {
  return {
    code: "tried-in-vain",
    source: "service",
    class: "unknown",
    message: `${maximumTries} tries to deploy ${shortId(commit)} to ${environment} never came to an end.`,
    next: "Read the workers' logs: does this deployment take its worker down? Then re-run, or merge a correction.",
  };
}

/** The attempt stays open; a wake-up of its own, which swallows no other, has it superseded by the next try. */
export async function tryLater({ work, open, reporter }: RunningAttempt, failure: Failure): Promise<void> {
  const { tries, owner } = open.attempt;
  const delay = firstDelay * 2 ** (tries - 1) * (0.5 + Math.random());
  work.log.warn({ attempt: owner, failure, tries, delay }, "will be tried again");
  await reporter.leave(
    `Try ${tries} failed and is repeated in ${Math.ceil(delay / 1000)} s: ${code(failure.message)}`,
  );
  // Only now: should our last word come too late, the look that follows it closes what it opened again.
  await work.services.queues.wakeLater(work.session.target, delay);
}
