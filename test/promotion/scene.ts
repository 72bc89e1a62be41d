import type { Attempt } from "../../promotion/attempt.ts";
import type { Decision, PolicyReadings } from "../../promotion/decide.ts";
import type { Observation } from "../../promotion/observation.ts";
import { defaultPolicy, type EnvironmentPolicy } from "../../promotion/policy.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import type { RequestAuthor, RequestFacts } from "../../promotion/request.ts";

/** Commits and tag objects that the scenes speak of. */
export const ids = {
  older: "1".repeat(40),
  deployed: "2".repeat(40),
  newer: "3".repeat(40),
  record: "a".repeat(40),
  otherTag: "b".repeat(40),
  attempt: "c".repeat(40),
};

/** Record 4 of prod: what is deployed. */
export const last: StoredRecord = {
  object: ids.record,
  record: {
    repository: 7,
    environment: "prod",
    number: 4,
    commit: ids.deployed,
    branch: "prod",
    branchHead: ids.deployed,
    kind: "promotion",
  },
};

/** An attempt to promote prod to the newer commit. */
export const attempt: Attempt = {
  repository: 7,
  environment: "prod",
  commit: ids.newer,
  kind: "promotion",
  base: ids.record,
  head: ids.newer,
  owner: "worker-1",
  tries: 1,
  result: "open",
};

export const failure = { code: "apply-failed", message: "it broke", next: "Fix it." };
export const failedAttempt: Attempt = { ...attempt, result: "failed", failure };

/** Everything is as recorded. */
export const inSync: Observation = {
  environment: { name: "prod", branch: "prod", after: null },
  now: Date.parse("2024-05-15T12:00:00Z"),
  head: ids.deployed,
  current: { object: ids.record, commit: ids.deployed },
  journal: { state: "settled" },
  last,
  frozen: false,
  headFacts: { descends: true, gate: { passes: true }, hasApp: true },
};

/** The branch moved on. */
export const merged: Observation = { ...inSync, head: ids.newer };

/** Nothing was ever deployed here. */
export const untouched: Observation = {
  ...inSync,
  head: ids.newer,
  current: undefined,
  journal: { state: "absent" },
  last: undefined,
};

export const written = (attempt: Attempt): Observation["journal"] => ({
  state: "written",
  object: ids.attempt,
  attempt,
});

export const maintainer: RequestAuthor = {
  known: true,
  login: "ada",
  event: "delivery-1",
  allowed: true,
};

/** Ada, who may, moved `current` to an older commit that ran here before. */
export const request: RequestFacts = {
  author: maintainer,
  deployedBefore: true,
  ancestorOfHead: true,
  gate: { passes: true },
  options: {},
};

/** `current` was moved to the older commit. */
export const retagged = (facts: RequestFacts = request): Observation => ({
  ...inSync,
  current: { object: ids.older, commit: ids.older },
  request: facts,
});

export const closedGate = {
  passes: false,
  gate: "after",
  environment: "staging",
  reason: "missing-commits",
  commits: [ids.newer],
} as const;

export const policies = (policy: Partial<EnvironmentPolicy> = {}): PolicyReadings => {
  const reading = { ok: true, policy: { ...defaultPolicy, ...policy } } as const;
  return { atHead: reading, atLast: reading };
};

export const policyError = { message: "version: expected 1", line: 1, column: 10 };

/** The policy at the head does not parse; the one of the last deployment does. */
export const brokenPolicy = (atLast: Partial<EnvironmentPolicy> = {}): PolicyReadings => ({
  atHead: { ok: false, error: policyError },
  atLast: { ok: true, policy: { ...defaultPolicy, ...atLast } },
});

/** A policy whose only window never holds the scenes' time. */
export const shut: Partial<EnvironmentPolicy> = {
  windows: [{ days: ["sat"], from: "10:00", to: "11:00", timezone: "UTC" }],
};

/** What is decided about the branch of {@link merged}. */
export const promotion: Decision = {
  do: "deploy",
  kind: "promotion",
  commit: ids.newer,
  branchHead: ids.newer,
  answersRequest: false,
};

/** What is decided when an attempt was left unfinished. */
export const repair: Decision = {
  do: "deploy",
  kind: "redeploy",
  commit: ids.deployed,
  branchHead: ids.deployed,
  answersRequest: false,
};

export const hold = (reason: string, more: object = {}) => ({ do: "hold", hold: { reason, ...more } });
export const nothing = { do: "nothing", why: "in-sync" } as const;

export const open = written(attempt);
export const failed = written(failedAttempt);
export const allowedRerun = { by: "ada", allowed: true };
