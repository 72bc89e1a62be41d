import type { PushResult } from "../../adapters/git/push.ts";
import { policyInForce } from "../../promotion/decide.ts";
import { fence } from "../attempt/fence.ts";
import { findBundle } from "./bundle.ts";
import type { RunOutcome } from "./deployment-runner.ts";
import { nextNumber, type RunningAttempt } from "./running-attempt.ts";
import { isHopeless, triedInVain } from "./try-later.ts";

/** A run whose first steps, up to synth, are taken while the attempt's entry in the journal is still on its way. */
export interface HeadStart {
  /** Rejects with what ended it. */
  readonly outcome: Promise<RunOutcome>;
  /** Fulfilled once nothing of it goes on any more, however it ended. */
  readonly over: Promise<void>;
  /** Whether anything may have been applied. */
  applied(): boolean;
}

/** What a run meets whose attempt never was in the journal: all that it made is thrown away. */
class NeverBegun extends Error {
  override readonly name = "NeverBegun";
}

/** Checkout to verify, behind the fence; nothing is planned before `push` is known to have moved the journal. */
export function startRun(running: RunningAttempt, push: Promise<PushResult>): HeadStart {
  const lost = new AbortController();
  const begun = push.then(({ moved }) => {
    if (!moved) throw new NeverBegun("the journal holds another attempt");
  });
  begun.catch(() => lost.abort());
  const progressed = { applied: false };
  const outcome = run(running, { begun: () => begun, lost: lost.signal }, progressed);
  const over = outcome.then(
    () => undefined,
    () => undefined,
  );
  return { outcome, over, applied: () => progressed.applied };
}

async function run(
  running: RunningAttempt,
  journal: { begun(): Promise<void>; readonly lost: AbortSignal },
  progressed: { applied: boolean },
): Promise<RunOutcome> {
  const { work, look, decision, open, reporter } = running;
  const { session, services } = work;
  if (isHopeless(open.attempt)) {
    return { result: "failed", failure: triedInVain(open.attempt), details: "" };
  }
  const posts = {
    environment: session.environment.name,
    attempt: open.object,
    current: look.book.refs.current,
  };
  const input = {
    session,
    attempt: open.attempt,
    number: nextNumber(running),
    policy: policyInForce(look.policies),
    bundle: await findBundle(look, decision),
  };
  return await services.runner.run(input, {
    ...journal,
    progress: reporter.progress,
    fence: async () => {
      await fence(session.git, posts);
      progressed.applied = true;
    },
  });
}
