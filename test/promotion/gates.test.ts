import { describe, expect, it } from "vitest";
import { type AfterFacts, afterGate } from "../../promotion/gates.ts";

const commit = "1".repeat(40);
const passed: AfterFacts = {
  environment: "staging",
  deployed: commit,
  missing: [],
  uncleanMerges: [],
  sameTree: false,
};
const closed = (reason: string, commits: readonly string[] = []) => ({
  passes: false,
  gate: "after",
  environment: "staging",
  reason,
  commits,
});

describe("the gate after another environment", () => {
  it("is open where none comes first", () => {
    expect(afterGate(undefined)).toEqual({ passes: true });
  });

  it("is open once everything new was deployed there", () => {
    expect(afterGate(passed)).toEqual({ passes: true });
  });

  it("is closed while nothing was deployed there", () => {
    expect(afterGate({ ...passed, deployed: undefined })).toEqual(closed("nothing-deployed"));
  });

  it("is closed while commits are missing there, and names them", () => {
    expect(afterGate({ ...passed, missing: [commit] })).toEqual(closed("missing-commits", [commit]));
  });

  it("is closed to merges in which work could hide, and names them", () => {
    expect(afterGate({ ...passed, uncleanMerges: [commit] })).toEqual(closed("unclean-merges", [commit]));
  });

  it("names missing commits before merges", () => {
    const facts = { ...passed, missing: [commit], uncleanMerges: ["2".repeat(40)] };
    expect(afterGate(facts)).toEqual(closed("missing-commits", [commit]));
  });

  it("is open to a squash of what was deployed there", () => {
    expect(afterGate({ ...passed, missing: [commit], uncleanMerges: [commit], sameTree: true })).toEqual({
      passes: true,
    });
  });
});
