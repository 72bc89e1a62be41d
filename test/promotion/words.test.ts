import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultEnvironments, isEnvironmentName } from "../../promotion/environment.ts";
import { toFailure, WaymarkError } from "../../promotion/failure.ts";
import { isObjectId, isZeroId, shortId } from "../../promotion/object-id.ts";

describe("environment names", () => {
  it.each(["dev", "prod-2", "a", "a".repeat(31)])("may be %s", (name) => {
    expect(isEnvironmentName(name)).toBe(true);
  });

  it.each([
    "",
    "Prod",
    "2nd",
    "-a",
    "a_b",
    "a/b",
    "..",
    "a.lock",
    "a b",
    "a\n",
    "ü",
    "a".repeat(32),
    "__proto__",
  ])("may not be %j", (name) => {
    expect(isEnvironmentName(name)).toBe(false);
  });

  it("of the default environments are such, and each comes after one before it", () => {
    const names: (string | null)[] = [null];
    for (const { name, after } of defaultEnvironments) {
      expect(isEnvironmentName(name)).toBe(true);
      expect(names).toContain(after);
      names.push(name);
    }
  });
});

describe("object ids", () => {
  it.each(["a".repeat(40), "0".repeat(64), "0123456789abcdef".repeat(4)])("may be %s", (id) => {
    expect(isObjectId(id)).toBe(true);
  });

  it.each([
    "",
    "HEAD",
    "a".repeat(39),
    "a".repeat(41),
    "a".repeat(50),
    "A".repeat(40),
    `${"a".repeat(40)}\n`,
    "g".repeat(40),
  ])("may not be %j", (id) => {
    expect(isObjectId(id)).toBe(false);
  });

  it("of zeros mean that there is nothing", () => {
    expect(isZeroId("0".repeat(40))).toBe(true);
    expect(isZeroId("0".repeat(64))).toBe(true);
    expect(isZeroId("0".repeat(39))).toBe(false);
    expect(isZeroId(`${"0".repeat(39)}1`)).toBe(false);
  });

  it("are shown short", () => {
    expect(shortId("0123456789abcdef".repeat(4))).toBe("01234567");
  });
});

describe("failures", () => {
  it("keep what their author said", () => {
    const input = { code: "x", source: "user", class: "lock", message: "m", next: "n" } as const;
    expect(toFailure(new WaymarkError(input))).toEqual(input);
  });

  it("are of unknown class unless somebody knows", () => {
    const error = new WaymarkError({ code: "x", source: "user", message: "m", next: "n" });
    expect(toFailure(error).class).toBe("unknown");
  });

  it("remember their cause, and do not show it", () => {
    const cause = new Error("secret");
    const error = new WaymarkError({ code: "x", source: "user", message: "m", next: "n", cause });
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(toFailure(error))).not.toContain("secret");
  });

  it("that nobody foresaw are the service's, whatever was thrown", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { message, ...failure } = toFailure(thrown);
        expect(failure).toMatchObject({ code: "unexpected", source: "service", class: "unknown" });
        expect(message).toBeTypeOf("string");
      }),
    );
    expect(toFailure({ toString: 0 }).message).toBe("Something was thrown that is no error.");
    expect(toFailure(new TypeError("x is not a function")).message).toBe("x is not a function");
  });
});
