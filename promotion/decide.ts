import { type Attempt, isAnswer } from "./attempt.ts";
import { dueScope } from "./due.ts";
import type { GateResult } from "./gates.ts";
import { type Continuation, continuationOf, failedAttempt, waitingAttempt } from "./go-ahead.ts";
import type { ObjectId } from "./object-id.ts";
import type { GoAhead, Observation } from "./observation.ts";
import { defaultPolicy, type EnvironmentPolicy, type PolicyError, type PolicyReading } from "./policy.ts";
import type { DeploymentKind, StoredRecord } from "./record.ts";
import { judgeRequest, type RefusalReason } from "./request.ts";
import { stopOf } from "./stop.ts";
import { isWithinWindows } from "./windows.ts";
import { isToWithdraw } from "./withdrawal.ts";

/** Why nothing may happen for now although something is wanted. */
export type HoldReason =
  | { readonly reason: "unknown-key"; readonly key: string }
  | { readonly reason: "author-unknown" }
  | { readonly reason: "frozen" }
  | { readonly reason: "outside-window" }
  | { readonly reason: "claimed"; readonly by: string }
  | { readonly reason: "policy-invalid"; readonly error: PolicyError }
  /** The branch holds no application (yet). */
  | { readonly reason: "no-app" }
  | { readonly reason: "gate"; readonly gate: Extract<GateResult, { passes: false }> }
  | { readonly reason: "failed-before"; readonly failure: Attempt["failure"] }
  | { readonly reason: "branch-rewritten"; readonly recorded: ObjectId }
  | { readonly reason: "may-differ"; readonly failure: Attempt["failure"] }
  /** No failure: it did all that it was asked to, or waits for somebody. */
  | { readonly reason: "stopped"; readonly attempt: Attempt };

/** An attempt to make. */
export interface Deploy extends Continuation {
  readonly do: "deploy";
  readonly kind: DeploymentKind;
  readonly commit: ObjectId;
  /** What the record will name as branch head. */
  readonly branchHead: ObjectId;
  /** It answers a move of `current`, so a failure puts `current` back. */
  readonly answersRequest: boolean;
}

export type Decision =
  | { readonly do: "nothing"; readonly why: "no-branch" | "in-sync" }
  | { readonly do: "hold"; readonly hold: HoldReason }
  | { readonly do: "put-back"; readonly ref: string; readonly last: StoredRecord }
  | {
      readonly do: "finish";
      readonly last: StoredRecord;
      readonly attempt: Attempt;
      readonly object: ObjectId;
    }
  /** An attempt that only looked: its words, then the journal is again what it was before. */
  | { readonly do: "withdraw"; readonly attempt: Attempt; readonly object: ObjectId }
  | {
      readonly do: "restore";
      /** Undefined: it was missing, and nobody is to be told. */
      readonly refusal?: { readonly reason: RefusalReason; readonly event?: string; readonly by?: string };
    }
  | Deploy;

/** The policy as read at the branch head, and at the branch head of the latest record. */
export interface PolicyReadings {
  readonly atHead: PolicyReading;
  readonly atLast: PolicyReading;
}

/**
 * What to do about an environment, from one look at it. Pure; the first rule that matches wins (design §3).
 * Calling it again after its decision was carried out leads to "nothing" or to a hold.
 */
export function decide(seen: Observation, policies: PolicyReadings): Decision {
  const { head, last, journal, current } = seen;
  if (seen.unknownKey !== undefined) return hold({ reason: "unknown-key", key: seen.unknownKey });
  if (head === undefined) return { do: "nothing", why: "no-branch" };
  if (last && seen.displaced) return { do: "put-back", ref: seen.displaced.ref, last };
  if (last && journal.state === "written" && isDoneFor(journal.attempt, last)) {
    return { do: "finish", last, attempt: journal.attempt, object: journal.object };
  }
  if (journal.state === "written" && isToWithdraw(journal.attempt, last)) {
    return { do: "withdraw", attempt: journal.attempt, object: journal.object };
  }
  if (current === undefined && last) return { do: "restore" };
  if (current && current.object !== last?.object) return answerRequest(seen, head);
  return followBranch(seen, head, policies);
}

/** Rule 4: somebody moved `current`. */
function answerRequest(seen: Observation, head: ObjectId): Decision {
  if (!seen.current || !seen.request) return hold({ reason: "author-unknown" });
  const verdict = judgeRequest(seen.current.commit, seen.request);
  switch (verdict.verdict) {
    case "wait":
      return hold({ reason: "author-unknown" });
    case "refuse": {
      const { verdict: _, ...refusal } = verdict;
      return { do: "restore", refusal };
    }
    case "obey":
      if (seen.frozen) return hold({ reason: "frozen" });
      return {
        do: "deploy",
        kind: verdict.commit === seen.last?.record.commit ? "redeploy" : "rollback",
        commit: verdict.commit,
        branchHead: head,
        answersRequest: true,
        event: verdict.event,
        requestedBy: verdict.by,
        ...verdict.options,
      };
  }
}

/**
 * Rules 5 to 10: nobody moved `current`. What a door closes on is what would be deployed. It is silent about what is
 * only due: the head is deployed, and nobody waits.
 */
function followBranch(seen: Observation, head: ObjectId, policies: PolicyReadings): Decision {
  const byBranch = wantedByBranch(seen, head, policies);
  const wanted = byBranch.do === "deploy" ? byBranch : (owedRepair(seen, head) ?? byBranch);
  if (wanted.do === "deploy") {
    const closed = closedDoor(seen, policies, wanted);
    return closed ? hold(closed) : wanted;
  }
  const due = wanted.do === "nothing" ? dueAgain(seen, policies) : undefined;
  return due && !closedDoor(seen, policies, due) ? due : wanted;
}

/** Rules 6, 7 and 9, as if every door were open. */
function wantedByBranch(seen: Observation, head: ObjectId, policies: PolicyReadings): Decision {
  const { last, journal, rerun, goAhead } = seen;
  const waiting = waitingAttempt(head, journal);
  if (waiting && goAhead?.allowed) return goOn(seen, waiting, policies, goAhead);
  if (rerun?.allowed) return promote(seen, head, policies, { requestedBy: rerun.by, force: rerun.force });
  const failed = failedAttempt(head, journal);
  if (failed && stopOf(failed)) return hold({ reason: "stopped", attempt: failed });
  if (last && head === last.record.branchHead) {
    return failed
      ? hold({ reason: "may-differ", failure: failed.failure })
      : { do: "nothing", why: "in-sync" };
  }
  if (failed) return afterFailure(failed, head, last, policies);
  if (last && !seen.headFacts.descends) {
    return hold({ reason: "branch-rewritten", recorded: last.record.branchHead });
  }
  return promote(seen, head, policies, {});
}

/** Rule 5: what closes the door on everything but requests, also on those that go on; frozen means everybody. */
function closedDoor(seen: Observation, policies: PolicyReadings, wanted: Deploy): HoldReason | undefined {
  if (seen.frozen) return { reason: "frozen" };
  if (isAnswer(wanted)) return undefined;
  const reading = effectivePolicy(policies);
  if (reading.ok && !isWithinWindows(reading.policy.windows, seen.now)) return { reason: "outside-window" };
  if (seen.claimedBy !== undefined) return { reason: "claimed", by: seen.claimedBy };
  return undefined;
}

/** The policy in force: the one at the head, or, while that does not parse, the one that was last deployed. */
export function effectivePolicy(policies: PolicyReadings): PolicyReading {
  return policies.atHead.ok ? policies.atHead : policies.atLast;
}

/** By what a deployment goes: also a rollback while no policy parses. */
export function policyInForce(policies: PolicyReadings): EnvironmentPolicy {
  const reading = effectivePolicy(policies);
  return reading.ok ? reading.policy : defaultPolicy;
}

/** A failed promotion may go back to the last record by itself, once; nothing else rolls back by itself. */
function afterFailure(
  failed: Attempt,
  head: ObjectId,
  last: StoredRecord | undefined,
  policies: PolicyReadings,
): Decision {
  const reading = effectivePolicy(policies);
  const goBack = failed.kind === "promotion" && reading.ok && reading.policy.rollbackOnFailure;
  if (!last || !goBack) return hold({ reason: "failed-before", failure: failed.failure });
  return redeploy(last, head);
}

/** The same once more, by the word of somebody who may: past the gates if it is a promotion, like the first time. */
function goOn(seen: Observation, stopped: Attempt, policies: PolicyReadings, word: GoAhead): Decision {
  const { kind, commit, branchHead = commit } = stopped;
  const continued = continuationOf(stopped, word);
  if (kind === "promotion") return promote(seen, commit, policies, continued);
  return { do: "deploy", kind, commit, branchHead, answersRequest: false, ...continued };
}

function promote(seen: Observation, head: ObjectId, policies: PolicyReadings, asked: Continuation): Decision {
  if (!policies.atHead.ok) return hold({ reason: "policy-invalid", error: policies.atHead.error });
  const { gate, hasApp } = seen.headFacts;
  if (!hasApp) return hold({ reason: "no-app" });
  if (!gate.passes) return hold({ reason: "gate", gate });
  return { do: "deploy", kind: "promotion", commit: head, branchHead: head, answersRequest: false, ...asked };
}

/**
 * Rule 8: nothing else is to be carried out, but an attempt was left unfinished (or its journal is gone), so the
 * environment may hold anything: make it again what the record says.
 */
function owedRepair(seen: Observation, head: ObjectId): Deploy | undefined {
  if (!seen.last || seen.journal.state === "settled" || failedAttempt(head, seen.journal)) return undefined;
  return redeploy(seen.last, seen.last.record.branchHead);
}

function redeploy(last: StoredRecord, branchHead: ObjectId): Deploy {
  return { do: "deploy", kind: "redeploy", commit: last.record.commit, branchHead, answersRequest: false };
}

/**
 * Rule 10: all is in sync, but the record itself says that provisioning is due. It ends with a record that is not. While
 * no policy parses nobody knows which stacks are meant, and such a record would forget what was postponed.
 */
function dueAgain({ last, now }: Observation, policies: PolicyReadings): Deploy | undefined {
  const scope = last && effectivePolicy(policies).ok ? dueScope(last.record, now) : undefined;
  return last && scope && { ...redeploy(last, last.record.branchHead), scope };
}

/** The attempt ended in this very record; only its closing words are still owed. */
function isDoneFor(attempt: Attempt, last: StoredRecord): boolean {
  return attempt.result === "done" && attempt.record === last.object;
}

function hold(reason: HoldReason): Decision {
  return { do: "hold", hold: reason };
}
