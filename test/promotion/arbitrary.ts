import fc from "fast-check";
import type { Attempt } from "../../promotion/attempt.ts";
import { modes, scopes } from "../../promotion/mode.ts";
import type { DeploymentRecord } from "../../promotion/record.ts";

/** Letters that people and attackers put where a name or a message belongs. */
const hostileLetters = fc.constantFrom(
  ..."ab :-#\"'`$<>\\\r\n\t\u0000\u0085\u2028\u2029é🚀",
  "\nResult: done",
  "\r\nKind: rollback",
  "\n\nCommit: 0000000000000000000000000000000000000000",
  "\n-----BEGIN SSH SIGNATURE-----\n",
);

/** Any text, with a liking for line breaks and forged trailers. */
export const hostileText = fc.oneof(
  fc.string({ unit: hostileLetters, maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
);

export const objectIds = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }),
);

export const environmentNames = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

const numbers = fc.integer({ min: 1, max: 999_999_999_999_999 });
const kinds = fc.constantFrom("promotion" as const, "rollback" as const, "redeploy" as const);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Milliseconds since 1970, up to the end of the year 9999. */
const seconds = fc.integer({ min: 0, max: 253_402_300_799 }).map((time) => time * 1000);

const postponements = fc.record({
  stacks: fc.array(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/), { minLength: 1, maxLength: 5 }),
  tries: fc.integer({ min: 1, max: 100 }),
  until: seconds,
});

/** Records whose free texts are drawn from `text`. */
export const records = (text: fc.Arbitrary<string>): fc.Arbitrary<DeploymentRecord> =>
  fc.record({
    repository: numbers,
    environment: environmentNames,
    number: numbers,
    commit: objectIds,
    branch: text.filter((branch) => branch !== ""),
    branchHead: objectIds,
    kind: kinds,
    previous: maybe(objectIds),
    requestedBy: maybe(text),
    event: maybe(text),
    bundle: maybe(text),
    plan: maybe(text),
    scope: maybe(fc.constantFrom(...scopes)),
    due: maybe(seconds),
    postponed: maybe(postponements),
  });

const planDigests = fc
  .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join(""));

/** Attempts whose free texts are drawn from `text`. */
export const attempts = (text: fc.Arbitrary<string>): fc.Arbitrary<Attempt> =>
  fc.record({
    repository: numbers,
    environment: environmentNames,
    commit: objectIds,
    kind: kinds,
    base: maybe(objectIds),
    head: maybe(objectIds),
    event: maybe(text),
    requestedBy: maybe(text),
    supersedes: maybe(objectIds),
    owner: fc.uuid(),
    tries: numbers,
    result: fc.constantFrom("open" as const, "failed" as const, "done" as const),
    record: maybe(objectIds),
    failure: maybe(fc.record({ code: text, message: text, next: text })),
    mode: maybe(fc.constantFrom(...modes)),
    force: maybe(fc.constant(true)),
    scope: maybe(fc.constantFrom(...scopes)),
    approved: maybe(fc.array(planDigests, { minLength: 1, maxLength: 3 })),
    waits: maybe(fc.array(planDigests, { minLength: 1, maxLength: 3 })),
  });
