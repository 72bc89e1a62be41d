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

  it("says when its environment is due again, and why", () => {
    const due = Date.parse("2026-11-22T03:00:00Z");
    const postponed = { stacks: ["network", "dns.zone"], tries: 2, until: due + 1000 };
    const read = parseRecord(message);
    expect(read && formatRecord({ ...read, scope: "provision", due, postponed })).toBe(
      [
        message.trimEnd(),
        "Scope: provision",
        "Due: 2026-11-22T03:00:00Z",
        "Postponed: network dns.zone",
        "Postponed-Tries: 2",
        "Postponed-Until: 2026-11-22T03:00:01Z",
        "",
      ].join("\n"),
    );
    expect(read).toMatchObject({ scope: undefined, due: undefined, postponed: undefined });
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
        const { requestedBy: _, event: __, bundle: ___, plan: ____, branch: _____, ...own } = record;
        expect(read).toMatchObject(own);
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

  it.each([
    "Scope: everything",
    "Due: tomorrow",
    "Due: 2026-13-01T00:00:00Z",
    "Due: 2026-11-22T03:00:00+01:00",
    "Postponed: a  b",
    "Postponed: ../a",
    "Postponed-Tries: 0",
    "Postponed-Until: 0",
  ])("with %s is none", (trailer) => {
    expect(parseRecord(`${message}${trailer}\n`)).toBeUndefined();
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
