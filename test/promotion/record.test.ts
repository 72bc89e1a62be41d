import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAttempt } from "../../promotion/attempt.ts";
import { formatRecord, parseRecord } from "../../promotion/record.ts";
import { attempts, hostileText, records } from "./arbitrary.ts";

/** Texts that a tag can hold as they are: one line, without white space around it. */
const plainText = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const id = "a".repeat(40);
const message = formatRecord({
  repository: 7,
  environment: "prod",
  number: 4,
  commit: id,
  branch: "prod",
  branchHead: "b".repeat(40),
  kind: "rollback",
  previous: "c".repeat(40),
  requestedBy: "ada",
});

describe("a record", () => {
  it("is written for people first, then as trailers", () => {
    expect(message).toBe(
      [
        "Deploy prod 4: rollback to aaaaaaaa",
        "",
        "Repository: 7",
        "Environment: prod",
        "Deployment: 4",
        `Commit: ${id}`,
        "Branch: prod",
        `Branch-Head: ${"b".repeat(40)}`,
        "Kind: rollback",
        `Previous: ${"c".repeat(40)}`,
        "Requested-By: ada",
        "",
      ].join("\n"),
    );
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(records(plainText), (record) => {
        expect(parseRecord(formatRecord(record))).toEqual(record);
      }),
    );
  });

  it("stays readable, and its own, whatever its texts hold", () => {
    fc.assert(
      fc.property(records(hostileText), (record) => {
        const read = parseRecord(formatRecord(record));
        const { repository, environment, number, commit, branchHead, kind, previous } = record;
        expect(read).toMatchObject({ repository, environment, number, commit, branchHead, kind, previous });
      }),
    );
  });

  it("is not read from an attempt", () => {
    fc.assert(
      fc.property(attempts(hostileText), (attempt) => {
        expect(parseRecord(formatAttempt(attempt))).toBeUndefined();
      }),
    );
  });

  it.each([
    ["Repository", "0"],
    ["Repository", "07"],
    ["Repository", "7.5"],
    ["Environment", "Prod"],
    ["Environment", "../prod"],
    ["Deployment", "-1"],
    ["Deployment", "1000000000000000"],
    ["Commit", "aaaa"],
    ["Commit", id.toUpperCase()],
    ["Branch-Head", "HEAD"],
    ["Kind", "Rollback"],
    ["Kind", "destroy"],
    ["Previous", "none"],
  ])("with %s: %s is none", (key, value) => {
    expect(parseRecord(message.replace(new RegExp(`^${key}: .*$`, "m"), `${key}: ${value}`))).toBeUndefined();
  });

  it.each(["Repository", "Environment", "Deployment", "Commit", "Branch", "Branch-Head", "Kind"])(
    "without %s is none",
    (key) => {
      expect(parseRecord(message.replace(new RegExp(`^${key}: .*\n`, "m"), ""))).toBeUndefined();
    },
  );

  it.each(["", "Deploy prod 4", "\n\n\n", "Kind: rollback"])("is not the message %j", (text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});
