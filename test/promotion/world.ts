import type { Attempt } from "../../promotion/attempt.ts";
import { type Decision, type Deploy, decide, type PolicyReadings } from "../../promotion/decide.ts";
import { looksOnly } from "../../promotion/mode.ts";
import type { Observation } from "../../promotion/observation.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { journalBefore } from "../../promotion/withdrawal.ts";
import { failure } from "./scene.ts";

/** How an attempt ends; `stop`: it waits for an approval; `crash`: its worker dies, and the journal stays open. */
export type Outcome = "success" | "failure" | "stop" | "crash";

export interface Step {
  readonly seen: Observation;
  readonly decision: Decision;
}

/** Decides and carries out, again and again, until there is nothing more to do or the patience is used up. */
export function play(
  start: Observation,
  policies: PolicyReadings,
  outcomes: readonly Outcome[],
  patience: number,
): readonly Step[] {
  const steps: Step[] = [];
  const left = [...outcomes];
  let seen = start;
  while (steps.length < patience) {
    const decision = decide(seen, policies);
    steps.push({ seen, decision });
    if (isRest(decision)) return steps;
    seen = carryOut(seen, decision, () => left.shift() ?? "success", steps.length);
  }
  return steps;
}

export function isRest(decision: Decision): boolean {
  return decision.do === "nothing" || decision.do === "hold";
}

/** The environment after a decision was carried out, as the refs then show it. */
function carryOut(seen: Observation, decision: Decision, outcome: () => Outcome, step: number): Observation {
  switch (decision.do) {
    case "nothing":
    case "hold":
      return seen;
    case "put-back":
      return { ...seen, displaced: undefined };
    case "finish":
      return { ...seen, journal: { state: "settled" } };
    case "withdraw":
      return { ...seen, journal: withdrawn(seen, decision.attempt) };
    case "restore":
      return { ...seen, ...pointedAt(seen.last) };
    case "deploy":
      return deployed(seen, decision, outcome(), step);
  }
}

/** What an attempt superseded is not known here: the worst that it can have been. */
function withdrawn({ last }: Observation, attempt: Attempt): Observation["journal"] {
  return journalBefore(attempt) === last?.object && last ? { state: "settled" } : { state: "absent" };
}

function deployed(seen: Observation, decision: Deploy, outcome: Outcome, step: number): Observation {
  const object = (kind: string) => `${kind}${step.toString(16).padStart(38, "0")}`;
  const attempt: Attempt = {
    repository: 7,
    environment: "prod",
    commit: decision.commit,
    kind: decision.kind,
    base: seen.last?.object,
    head: seen.head,
    owner: "worker-1",
    tries: 1,
    result: "open",
    event: decision.event,
    requestedBy: decision.requestedBy,
    mode: decision.mode,
    branchHead: decision.branchHead,
    supersedes: seen.journal.state === "settled" ? undefined : object("d0"),
  };
  const journal = { state: "written", object: object("f0") } as const;
  if (outcome === "crash") return { ...seen, journal: { ...journal, attempt } };
  if (outcome !== "success" || looksOnly(decision.mode)) {
    const code = looksOnly(decision.mode) ? "planned" : outcome === "stop" ? "approval-needed" : failure.code;
    return {
      ...seen,
      ...(decision.answersRequest && pointedAt(seen.last)),
      rerun: undefined,
      goAhead: undefined,
      journal: { ...journal, attempt: { ...attempt, result: "failed", failure: { ...failure, code } } },
    };
  }
  const last = recorded(seen, decision, object("e0"));
  return {
    ...seen,
    ...pointedAt(last),
    last,
    rerun: undefined,
    goAhead: undefined,
    journal: { ...journal, attempt: { ...attempt, result: "done", record: last.object } },
  };
}

function recorded(seen: Observation, { commit, branchHead, kind }: Deploy, object: string): StoredRecord {
  const number = (seen.last?.record.number ?? 0) + 1;
  return {
    object,
    record: { repository: 7, environment: "prod", number, commit, branch: "prod", branchHead, kind },
  };
}

/** `current` on a record, or gone when there is none: in either case nobody's request. */
function pointedAt(last: StoredRecord | undefined): Pick<Observation, "current" | "request"> {
  return { current: last && { object: last.object, commit: last.record.commit }, request: undefined };
}
