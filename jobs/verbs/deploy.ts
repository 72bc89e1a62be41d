import { randomUUID } from "node:crypto";
import type { Attempt, StoredAttempt } from "../../promotion/attempt.ts";
import { type Deploy, effectivePolicy } from "../../promotion/decide.ts";
import type { Failure } from "../../promotion/failure.ts";
import type { Journal } from "../../promotion/observation.ts";
import { defaultPolicy } from "../../promotion/policy.ts";
import { code } from "../../promotion/report/markdown.ts";
import { FenceClosed, fence } from "../attempt/fence.ts";
import { begin } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { type AttemptReporter, reportAttempt } from "../reports/attempt-reporter.ts";
import { boardOf, type Turn, type Work } from "../services.ts";
import { findBundle } from "./bundle.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { failAttempt } from "./fail.ts";
import { leaveToSuccessor, repairIfLate } from "./late.ts";
import { recordDeployment } from "./record.ts";
import { refusePush } from "./refused-push.ts";

const maximumTries = 3;
/** Before the second try, in milliseconds; doubled before each further one, give or take half. */
const firstDelay = 10_000;

/** What is known while one attempt runs. */
export interface RunningAttempt {
  readonly work: Work;
  readonly look: Look;
  readonly decision: Deploy;
  readonly open: StoredAttempt;
  readonly reporter: AttemptReporter;
}

/** Makes an attempt, from its entry in the journal to its record or its failure. */
export async function deploy(work: Work, look: Look, decision: Deploy): Promise<Turn> {
  const { stored, push } = await begin(
    work.session.git,
    newAttempt(work, look, decision),
    look.book.refs.attempt,
  );
  if (!push.moved) {
    await refusePush(work, look, push);
    return "again";
  }
  const { attempt } = stored;
  work.log.info({ attempt: attempt.owner, kind: attempt.kind, commit: attempt.commit }, "attempt begun");
  const reporter = reportAttempt(boardOf(work), attempt, work.log);
  try {
    return await attemptOnce({ work, look, decision, open: stored, reporter });
  } finally {
    await reporter.leave();
  }
}

/** Whoever lost the journal leaves the rest to the one who took it; all others look again. */
async function attemptOnce(running: RunningAttempt): Promise<Turn> {
  const progressed = { applied: false };
  try {
    return await end(running, await run(running, progressed));
  } catch (error) {
    if (!(error instanceof FenceClosed)) throw error;
    const { work, open } = running;
    work.log.warn({ attempt: open.attempt.owner, reason: error.reason }, "the fence closed");
    if (error.reason !== "attempt-lost") return "again";
    return progressed.applied ? await repairIfLate(work, open) : await leaveToSuccessor(work);
  }
}

function newAttempt({ session }: Work, { observation, book }: Look, decision: Deploy): Attempt {
  const { journal } = observation;
  return {
    repository: session.target.repositoryId,
    environment: session.environment.name,
    commit: decision.commit,
    kind: decision.kind,
    base: observation.last?.object,
    head: observation.head,
    event: decision.event,
    requestedBy: decision.requestedBy,
    supersedes: journal.state === "settled" ? undefined : book.refs.attempt,
    owner: randomUUID(),
    tries: triesBefore(observation.journal, decision) + 1,
    result: "open",
  };
}

/** How often the very same was tried right before, without an end. */
function triesBefore(journal: Journal, decision: Deploy): number {
  if (journal.state !== "written" || journal.attempt.result !== "open") return 0;
  const { commit, kind, tries } = journal.attempt;
  return commit === decision.commit && kind === decision.kind ? tries : 0;
}

/** Checkout to verify, behind the fence. `progressed` tells whether anything may have been applied. */
async function run(running: RunningAttempt, progressed: { applied: boolean }): Promise<RunOutcome> {
  const { work, look, decision, open, reporter } = running;
  const { session, services } = work;
  const reading = effectivePolicy(look.policies);
  const posts = {
    environment: session.environment.name,
    attempt: open.object,
    current: look.book.refs.current,
  };
  const input = {
    session,
    attempt: open.attempt,
    policy: reading.ok ? reading.policy : defaultPolicy,
    bundle: await findBundle(work, look, decision),
  };
  return await services.runner.run(input, {
    progress: reporter.progress,
    fence: async () => {
      await fence(session.git, posts);
      progressed.applied = true;
    },
  });
}

async function end(running: RunningAttempt, outcome: RunOutcome): Promise<Turn> {
  if (outcome.result === "failed" && mayHelp(running, outcome.failure)) {
    await tryLater(running, outcome.failure);
    return "leave";
  }
  return outcome.result === "failed"
    ? await failAttempt(running, outcome)
    : await recordDeployment(running, outcome);
}

/** Would the same, tried again, perhaps succeed? */
function mayHelp({ open }: RunningAttempt, failure: Failure): boolean {
  const passing = failure.class === "transient" || failure.class === "lock";
  return passing && open.attempt.tries < maximumTries;
}

/** The attempt stays open; a wake-up of its own, which swallows no other, has it superseded by the next try. */
async function tryLater({ work, open, reporter }: RunningAttempt, failure: Failure): Promise<void> {
  const { tries, owner } = open.attempt;
  const delay = firstDelay * 2 ** (tries - 1) * (0.5 + Math.random());
  work.log.warn({ attempt: owner, failure, tries, delay }, "will be tried again");
  await work.services.queues.wakeLater(work.session.target, delay);
  await reporter.leave(
    `Try ${tries} failed and is repeated in ${Math.ceil(delay / 1000)} s: ${code(failure.message)}`,
  );
}
