import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attemptRef,
  branchRef,
  claimedRef,
  currentRef,
  type DeployRef,
  formatDeployRef,
  frozenRef,
  parseDeployRef,
  recordRef,
  tagName,
} from "../../promotion/ref.ts";
import { environmentNames } from "./arbitrary.ts";

const deployRefs: fc.Arbitrary<DeployRef> = fc.oneof(
  fc.record({
    kind: fc.constant("record" as const),
    environment: environmentNames,
    number: fc.integer({ min: 1, max: 999_999_999_999_999 }),
  }),
  fc.record({
    kind: fc.constantFrom("current" as const, "attempt" as const, "frozen" as const, "claimed" as const),
    environment: environmentNames,
  }),
);

describe("deploy refs", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(deployRefs, (ref) => {
        expect(parseDeployRef(formatDeployRef(ref))).toEqual(ref);
      }),
    );
  });

  it("have one spelling each", () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          "refs/tags/deploy/",
          "prod",
          "/",
          "1",
          "0",
          "9".repeat(16),
          "current",
          "PROD",
          "\n",
          "..",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostile, (name) => {
        const ref = parseDeployRef(name);
        if (ref) expect(formatDeployRef(ref)).toBe(name);
      }),
    );
  });

  it.each([
    "deploy/prod/1",
    "refs/heads/deploy/prod/1",
    "refs/tags/deploy/prod",
    "refs/tags/deploy/prod/",
    "refs/tags/deploy/prod/0",
    "refs/tags/deploy/prod/01",
    "refs/tags/deploy/prod/-1",
    "refs/tags/deploy/prod/1.0",
    "refs/tags/deploy/prod/1e3",
    "refs/tags/deploy/prod/1\n",
    "refs/tags/deploy/prod/1000000000000000",
    "refs/tags/deploy/prod/1/2",
    "refs/tags/deploy/Prod/1",
    "refs/tags/deploy//1",
    "refs/tags/deploy/prod/toString",
  ])("are not spelled %j", (name) => {
    expect(parseDeployRef(name)).toBeUndefined();
  });

  it("have full names", () => {
    expect([
      recordRef("prod", 4),
      currentRef("prod"),
      attemptRef("prod"),
      frozenRef("prod"),
      claimedRef("prod"),
    ]).toEqual([
      "refs/tags/deploy/prod/4",
      "refs/tags/deploy/prod/current",
      "refs/tags/deploy/prod/attempt",
      "refs/tags/deploy/prod/frozen",
      "refs/tags/deploy/prod/claimed",
    ]);
    expect(branchRef("--upload-pack=x")).toBe("refs/heads/--upload-pack=x");
  });

  it("are shown as people write them", () => {
    expect(tagName("refs/tags/deploy/prod/4")).toBe("deploy/prod/4");
    expect(tagName("refs/heads/refs/tags/x")).toBe("refs/heads/refs/tags/x");
  });
});
