import { expect } from "vitest";
import { defaultPolicy, readPolicy } from "../../promotion/policy.ts";
import { attack } from "./support/hostile-case.ts";
import { policyTable } from "./tables/policy.ts";

const before = JSON.stringify(defaultPolicy);

attack(policyTable, ({ input, refused }) => {
  const reading = readPolicy(typeof input === "string" ? input : input(), "prod");
  const place = { line: expect.any(Number), column: expect.any(Number) };
  expect(reading).toEqual({ ok: false, error: { message: expect.stringContaining(refused), ...place } });
  expect(JSON.stringify(defaultPolicy)).toBe(before);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(readPolicy(undefined, "prod")).toEqual({ ok: true, policy: defaultPolicy });
});
