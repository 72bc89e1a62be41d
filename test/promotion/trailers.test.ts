import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTrailers, parseTrailers } from "../../promotion/trailers.ts";
import { hostileText } from "./arbitrary.ts";

const written = (entries: Record<string, string | undefined>) => `A title\n\n${formatTrailers(entries)}\n`;

describe("trailers", () => {
  it("are read in the order they were written", () => {
    expect([...(parseTrailers(written({ Kind: "rollback", Commit: "abc" })) ?? [])]).toEqual([
      ["Kind", "rollback"],
      ["Commit", "abc"],
    ]);
  });

  it("without a value are left out", () => {
    expect(formatTrailers({ Kind: undefined, Commit: "abc" })).toBe("Commit: abc");
  });

  it("never come from a value, and no value makes them unreadable", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (branch, reason) => {
        const trailers = parseTrailers(written({ Branch: branch, Kind: "promotion", Reason: reason }));
        expect([...(trailers?.keys() ?? [])]).toEqual(["Branch", "Kind", "Reason"]);
        expect(trailers?.get("Kind")).toBe("promotion");
      }),
    );
  });

  it("may hold what looks like a trailer", () => {
    expect(parseTrailers(written({ Branch: "x: Kind: y" }))?.get("Branch")).toBe("x: Kind: y");
  });

  it("given twice make the message unreadable", () => {
    expect(parseTrailers("A title\n\nKind: rollback\nKind: promotion\n")).toBeUndefined();
  });

  it("are only those of the last paragraph", () => {
    expect([...(parseTrailers("Kind: rollback\n\nCommit: abc\n")?.keys() ?? [])]).toEqual(["Commit"]);
  });

  it.each([
    "",
    "A title",
    "A title\n\nKind: x\nand more",
    "A title\n\nkind: x",
    "A title\n\n Kind: x",
    "Kind:x",
  ])("are not in %j", (message) => {
    expect(parseTrailers(message)).toBeUndefined();
  });
});
