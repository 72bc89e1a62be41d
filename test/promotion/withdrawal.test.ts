import { describe, expect, it } from "vitest";
import { isToWithdraw, journalBefore } from "../../promotion/withdrawal.ts";
import { failedAttempt, ids, last } from "./scene.ts";

const looked = { ...failedAttempt, mode: "whatif" } as const;
const asked = { ...looked, kind: "rollback", event: "delivery-1", requestedBy: "ada" } as const;

describe("an attempt is withdrawn", () => {
  it.each(["whatif", "validate"] as const)("that answers a request for a %s, however it ended", (mode) => {
    expect(isToWithdraw({ ...asked, mode }, last)).toBe(true);
  });

  it("that looked again at the head which is deployed", () => {
    const again = { ...looked, requestedBy: "ada", commit: ids.deployed, head: ids.deployed };
    expect(isToWithdraw(again, last)).toBe(true);
    expect(isToWithdraw({ ...again, requestedBy: undefined }, last)).toBe(false);
  });

  it("not, if the branch asked for it: the same head would be looked at for ever", () => {
    expect(isToWithdraw(looked, last)).toBe(false);
    expect(isToWithdraw({ ...looked, requestedBy: "ada" }, last)).toBe(false);
  });

  it("not, if it may have applied something or goes on", () => {
    for (const mode of ["complete", "incremental", undefined] as const)
      expect(isToWithdraw({ ...asked, mode }, last)).toBe(false);
    expect(isToWithdraw({ ...asked, result: "open" }, last)).toBe(false);
    expect(isToWithdraw({ ...asked, result: "done" }, last)).toBe(false);
  });
});

describe("the journal before an attempt", () => {
  it("was the record, when nothing was unfinished", () => {
    expect(journalBefore({ ...asked, supersedes: undefined })).toBe(ids.record);
  });

  it("was the attempt that it supersedes", () => {
    expect(journalBefore({ ...asked, supersedes: ids.otherTag })).toBe(ids.otherTag);
  });

  it("was not there, when the record is named in its stead: still a repair is owed", () => {
    expect(journalBefore({ ...asked, supersedes: ids.record })).toBeUndefined();
  });

  it("was not there before the first record", () => {
    expect(journalBefore({ ...asked, base: undefined, supersedes: undefined })).toBeUndefined();
  });
});
