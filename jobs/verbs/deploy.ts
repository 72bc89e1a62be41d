import type { Attempt } from "../../promotion/attempt.ts";
import type { Deploy } from "../../promotion/decide.ts";
import type { Failure } from "../../promotion/failure.ts";
import { waitingAttempt } from "../../promotion/go-ahead.ts";
import { isOvertaken } from "../../promotion/recovery.ts";
import { branchRef } from "../../promotion/ref.ts";
import { FenceClosed } from "../attempt/fence.ts";
import { begin, storeAttempt } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { reportAttempt } from "../reports/attempt-reporter.ts";
import { boardOf, type Turn, type Work } from "../services.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { failAttempt, stopAttempt } from "./fail.ts";
import { type HeadStart, startRun } from "./head-start.ts";
import { leaveIfLost } from "./late.ts";
import { newAttempt } from "./new-attempt.ts";
import { recordDeployment } from "./record.ts";
import { refusePush } from "./refused-push.ts";
import type { RunningAttempt } from "./running-attempt.ts";
import { mayHelp, tryLater } from "./try-later.ts";

/**
 * Makes an attempt, from its entry in the journal to its record or its failure. The commit is checked out and
 * synthesized while the entry is on its way; when another attempt got there first, that was for nothing.
 */
export async function deploy(work: Work, look: Look, decision: Deploy): Promise<Turn> {
  const { git } = work.session;
  const open = await storeAttempt(git, newAttempt(work, look, decision));
  const reporter = reportAttempt(boardOf(work), open.attempt, work.log, continuedOwner(look));
  const running = { work, look, decision, open, reporter };
  const push = begin(git, open, look.book.refs.attempt);
  const headStart = startRun(running, push);
  const { moved } = await push.catch(() => ({ moved: false }));
  if (moved) {
    const turn = await carryOut(running, headStart);
    await work.services.runner.tidy(work.session);
    return turn;
  }
  await headStart.over;
  await refusePush(work, look, await push);
  return "again";
}

/** The attempt that somebody's word lets go on by this one. */
function continuedOwner({ observation: { head, journal, goAhead } }: Look): string | undefined {
  return goAhead?.allowed ? waitingAttempt(head, journal)?.owner : undefined;
}

/** From here on the attempt is in the journal, and people are told. */
async function carryOut(running: RunningAttempt, headStart: HeadStart): Promise<Turn> {
  const { work, open, reporter } = running;
  const { owner, kind, commit } = open.attempt;
  work.log.info({ attempt: owner, kind, commit }, "attempt begun");
  reporter.open();
  try {
    return await finishRun(running, headStart);
  } catch (error) {
    await reporter.leave();
    await nameCommit(work, open.attempt);
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
async function finishRun(running: RunningAttempt, headStart: HeadStart): Promise<Turn> {
  try {
    return await end(running, await headStart.outcome);
  } catch (error) {
    if (!(error instanceof FenceClosed)) throw error;
    const { work, open } = running;
    work.log.warn({ attempt: open.attempt.owner, reason: error.reason }, "the fence closed");
    return (await leaveIfLost(running, headStart.applied())) ?? "again";
  }
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
  if (isOvertaken(failure)) return "again";
  await tryLater(running, failure);
  // Our last word may have come after the successor's.
  return (await leaveIfLost(running, true)) ?? "leave";
}
