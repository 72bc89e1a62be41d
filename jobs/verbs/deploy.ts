import type { Attempt } from "../../promotion/attempt.ts";
import { type Deploy, effectivePolicy } from "../../promotion/decide.ts";
import type { Failure } from "../../promotion/failure.ts";
import { defaultPolicy } from "../../promotion/policy.ts";
import { isStale } from "../../promotion/recovery.ts";
import { branchRef } from "../../promotion/ref.ts";
import { FenceClosed, fence } from "../attempt/fence.ts";
import { begin } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { reportAttempt } from "../reports/attempt-reporter.ts";
import { boardOf, type Turn, type Work } from "../services.ts";
import { findBundle } from "./bundle.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { failAttempt, stopAttempt } from "./fail.ts";
import { leaveIfLost } from "./late.ts";
import { newAttempt } from "./new-attempt.ts";
import { recordDeployment } from "./record.ts";
import { refusePush } from "./refused-push.ts";
import type { RunningAttempt } from "./running-attempt.ts";
import { isHopeless, mayHelp, triedInVain, tryLater } from "./try-later.ts";

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
  } catch (error) {
    await reporter.leave();
    await nameCommit(work, attempt);
    throw error;
  } finally {
    await reporter.leave();
  }
}

/**
 * We know no more whose the journal is, and may have reported after others were done with this attempt: so whoever
 * looks next is told to look at its commit again.
 */
async function nameCommit({ session, services }: Work, { commit, owner }: Attempt): Promise<void> {
  const { branch } = session.environment;
  if (branch === null) return;
  const event = { delivery: `stopped:${owner}`, ref: branchRef(branch), before: commit, after: commit };
  await services.queues.noteEvent(session.target, { ...event, sender: services.botLogin });
}

/** Whoever lost the journal leaves the rest to the one who took it; all others look again. */
async function attemptOnce(running: RunningAttempt): Promise<Turn> {
  const { attempt } = running.open;
  if (isHopeless(attempt)) {
    return await failAttempt(running, { result: "failed", failure: triedInVain(attempt), details: "" });
  }
  const progressed = { applied: false };
  try {
    return await end(running, await run(running, progressed));
  } catch (error) {
    if (!(error instanceof FenceClosed)) throw error;
    const { work, open } = running;
    work.log.warn({ attempt: open.attempt.owner, reason: error.reason }, "the fence closed");
    return (await leaveIfLost(running, progressed.applied)) ?? "again";
  }
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
  if (outcome.result === "failed" && !outcome.exhausted && mayHelp(running, outcome.failure)) {
    return (await leaveIfLost(running, true)) ?? (await tryAgain(running, outcome.failure));
  }
  if (outcome.result === "stopped") return await stopAttempt(running, outcome);
  return outcome.result === "failed"
    ? await failAttempt(running, outcome)
    : await recordDeployment(running, outcome);
}

async function tryAgain(running: RunningAttempt, failure: Failure): Promise<Turn> {
  if (isStale(failure)) return "again";
  await tryLater(running, failure);
  // Our last word may have come after the successor's.
  return (await leaveIfLost(running, true)) ?? "leave";
}
