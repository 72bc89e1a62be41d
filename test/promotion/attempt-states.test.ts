import { describe, expect, it } from "vitest";
import { completed, disturbed, failed } from "../../promotion/attempt-states.ts";
import { attempt, failure, ids, last } from "./scene.ts";

const open = attempt;

describe("the states of an attempt", () => {
  it("an open one is completed by its record", () => {
    expect(completed(open, ids.older)).toEqual({ ...open, result: "done", record: ids.older });
  });

  it("an open one fails with its reason", () => {
    expect(failed(open, failure)).toEqual({ ...open, result: "failed", failure });
  });

  it.each(["done", "failed"] as const)("one that is %s has ended for good", (result) => {
    expect(() => completed({ ...open, result }, ids.older)).toThrow("has ended");
    expect(() => failed({ ...open, result }, failure)).toThrow("has ended");
  });

  it("a disturbed one owes a repair of the latest record, whatever the branch says, and answers nobody", () => {
    const lost = { object: ids.older, attempt: { ...open, event: "delivery-1", requestedBy: "ada" } };
    expect(disturbed(lost, last, undefined)).toMatchObject({
      commit: last.record.commit,
      base: last.object,
      head: undefined,
      event: undefined,
      requestedBy: undefined,
      supersedes: lost.object,
      result: "failed",
    });
  });
});
