import fc from "fast-check";
import type { PolicyReadings } from "../../promotion/decide.ts";
import { modes } from "../../promotion/mode.ts";
import type { Observation } from "../../promotion/observation.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { stopCodes } from "../../promotion/stop.ts";
import { attempt, brokenPolicy, closedGate, failure, inSync, policies, policyError, shut } from "./scene.ts";

const commits = fc.constantFrom(..."1234".split("").map((digit) => digit.repeat(40)));
const objects = fc.constantFrom(..."abcd".split("").map((digit) => digit.repeat(40)));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Nothing nine times out of ten: what holds everything would hide the rest. */
const seldom = <T>(value: T): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(value) });
const rarely = seldom(true).map((yes) => yes === true);
const gates = fc.constantFrom({ passes: true } as const, closedGate);
const kinds = fc.constantFrom("promotion" as const, "rollback" as const, "redeploy" as const);

const times = fc.constantFrom(inSync.now - 1000, inSync.now, inSync.now + 1000);
const postponements = times.map((until) => ({ stacks: ["network"], tries: 1, until }));

const lasts: fc.Arbitrary<StoredRecord> = fc
  .record({
    commit: commits,
    branchHead: commits,
    kind: kinds,
    number: fc.integer({ min: 1, max: 9 }),
    due: maybe(times),
    postponed: maybe(postponements),
  })
  .map((record) => ({
    object: "e".repeat(40),
    record: { repository: 7, environment: "prod", branch: "prod", ...record },
  }));

const attempts = (last: StoredRecord | undefined) =>
  fc.record({
    repository: fc.constant(7),
    environment: fc.constant("prod"),
    owner: fc.constant(attempt.owner),
    tries: fc.constant(1),
    commit: commits,
    kind: kinds,
    head: maybe(commits),
    result: fc.constantFrom("open" as const, "failed" as const, "done" as const),
    record: fc.constantFrom(last?.object, "d".repeat(40), undefined),
    failure: maybe(fc.constantFrom(failure, ...stopCodes.map((code) => ({ ...failure, code })))),
    mode: maybe(fc.constantFrom(...modes)),
    waits: maybe(fc.constant(["5".repeat(64)])),
    event: maybe(fc.constant("delivery-1")),
    requestedBy: maybe(fc.constant("ada")),
    supersedes: fc.constantFrom(undefined, last?.object, "e".repeat(40)),
  });

const journals = (last: StoredRecord | undefined): fc.Arbitrary<Observation["journal"]> =>
  fc.oneof(
    fc.constant(last ? { state: "settled" as const } : { state: "absent" as const }),
    fc.constant({ state: "absent" as const }),
    objects.map((object) => ({ state: "foreign" as const, object })),
    fc.record({ state: fc.constant("written" as const), object: objects, attempt: attempts(last) }),
  );

const requests: fc.Arbitrary<NonNullable<Observation["request"]>> = fc.record({
  author: fc.oneof(
    fc.record({ known: fc.constant(false as const), waited: fc.integer({ min: 0, max: 120 }) }),
    fc.record({
      known: fc.constant(true as const),
      login: fc.constantFrom("ada", "eve"),
      event: fc.constantFrom("delivery-1", "delivery-2"),
      allowed: fc.boolean(),
    }),
  ),
  deployedBefore: fc.boolean(),
  ancestorOfHead: fc.boolean(),
  gate: gates,
  options: fc.constantFrom(
    {},
    { mode: "whatif" as const },
    { mode: "complete" as const, force: true },
    undefined,
  ),
});

/** What `current` may hold: the record, nothing, or something that a person put there. */
const pointers = (last: StoredRecord | undefined): fc.Arbitrary<Pick<Observation, "current" | "request">> =>
  fc.oneof(
    fc.constant({ current: last && { object: last.object, commit: last.record.commit } }),
    fc.constant({ current: undefined }),
    fc.record({
      current: fc.record({ object: objects, commit: maybe(commits) }),
      request: fc.oneof({ weight: 9, arbitrary: requests }, { weight: 1, arbitrary: fc.constant(undefined) }),
    }),
  );

/** Any look at an environment that its refs can give. */
export const observations: fc.Arbitrary<Observation> = maybe(lasts).chain((last) =>
  fc
    .tuple(
      fc.record({
        head: fc.oneof({ weight: 19, arbitrary: commits }, { weight: 1, arbitrary: fc.constant(undefined) }),
        journal: journals(last),
        displaced: last
          ? maybe(fc.constant({ ref: "refs/tags/deploy/prod/4", holds: undefined }))
          : fc.constant(undefined),
        unknownKey: seldom("SHA256:x"),
        frozen: rarely,
        claimedBy: seldom("eve"),
        rerun: maybe(fc.record({ by: fc.constant("ada"), allowed: fc.boolean() })),
        goAhead: maybe(fc.record({ by: fc.constant("ada"), allowed: fc.boolean() })),
        headFacts: fc.record({ descends: fc.boolean(), gate: gates, hasApp: fc.boolean() }),
      }),
      pointers(last),
    )
    .map(([facts, pointer]) => ({ ...inSync, last, request: undefined, ...facts, ...pointer })),
);

const unreadable = { ok: false, error: policyError } as const;

/** Policies open and shut, readable and not. */
export const readings: fc.Arbitrary<PolicyReadings> = fc.oneof(
  fc.boolean().map((rollbackOnFailure) => policies({ rollbackOnFailure })),
  fc.boolean().map((rollbackOnFailure) => policies({ rollbackOnFailure, ...shut })),
  fc.boolean().map((rollbackOnFailure) => brokenPolicy({ rollbackOnFailure })),
  fc.constant({ atHead: unreadable, atLast: unreadable }),
);
