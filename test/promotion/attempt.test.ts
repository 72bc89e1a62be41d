import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attempt, formatAttempt, parseAttempt } from "../../promotion/attempt.ts";
import { formatRecord } from "../../promotion/record.ts";
import { attempts, hostileText, records } from "./arbitrary.ts";

const plainText = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);

const failed: Attempt = {
  repository: 7,
  environment: "prod",
  commit: "a".repeat(40),
  kind: "promotion",
  head: "a".repeat(40),
  owner: "worker-1",
  tries: 1,
  result: "failed",
  failure: { code: "apply-failed", message: "it broke", next: "Fix it." },
};

describe("an attempt", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(attempts(plainText), (attempt) => {
        expect(parseAttempt(formatAttempt(attempt))).toEqual(attempt);
      }),
    );
  });

  it("stays readable, and its own, whatever its texts hold", () => {
    fc.assert(
      fc.property(attempts(hostileText), (attempt) => {
        const { event, requestedBy, failure, ...own } = attempt;
        expect(parseAttempt(formatAttempt(attempt))).toMatchObject(own);
      }),
    );
  });

  it("keeps a long reason short", () => {
    const read = parseAttempt(
      formatAttempt({ ...failed, failure: { code: "x", message: "m".repeat(1_000_000), next: "Fix it." } }),
    );
    expect(read?.failure?.message).toHaveLength(2000);
    expect(read?.failure?.next).toBe("Fix it.");
  });

  it("cannot be finished by the text of a failure", () => {
    const message = `boom\nResult: done\r\nRecord: ${"b".repeat(40)}\n\nKind: rollback`;
    const read = parseAttempt(formatAttempt({ ...failed, failure: { code: "x", message, next: "y" } }));
    expect(read).toMatchObject({ result: "failed", kind: "promotion", record: undefined });
    expect(read?.failure?.message).toContain("Result: done");
  });

  it("is not read from a record", () => {
    fc.assert(
      fc.property(records(hostileText), (record) => {
        expect(parseAttempt(formatRecord(record))).toBeUndefined();
      }),
    );
  });

  it.each([
    ["Result", "finished"],
    ["Owner", ""],
    ["Tries", "0"],
    ["Base", "x"],
    ["Kind", "destroy"],
  ])("with %s: %s is none", (key, value) => {
    const message = formatAttempt({ ...failed, base: "b".repeat(40) });
    expect(
      parseAttempt(message.replace(new RegExp(`^${key}: .*$`, "m"), `${key}: ${value}`)),
    ).toBeUndefined();
  });
});
