import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attemptOwnerIn,
  goAheadId,
  parseGoAheadId,
  parseRequestId,
  parseRerunId,
  requestId,
  rerunId,
} from "../../promotion/check-name.ts";

const word = fc.stringMatching(/^[A-Za-z0-9[\]-]{1,39}$/);
const parsers = [parseRerunId, parseGoAheadId, parseRequestId];
const readBy = (externalId: string) => parsers.filter((parse) => parse(externalId) !== undefined);

describe("what an external id spells", () => {
  it("is a re-run, with or without caches", () => {
    fc.assert(
      fc.property(word, word, (by, delivery) => {
        expect(parseRerunId(rerunId({ by, delivery }))).toEqual({ by, delivery });
        const forced = { by, delivery, force: true };
        expect(parseRerunId(rerunId(forced))).toEqual(forced);
        expect(readBy(rerunId(forced))).toEqual([parseRerunId]);
      }),
    );
  });

  it("is a word about one attempt", () => {
    fc.assert(
      fc.property(word, word, word, (by, delivery, owner) => {
        const id = goAheadId({ by, delivery, owner });
        expect(parseGoAheadId(id)).toEqual({ by, delivery, owner });
        expect(readBy(id)).toEqual([parseGoAheadId]);
        expect(attemptOwnerIn(id)).toBe(owner);
      }),
    );
  });

  it("is an answer, and the attempt that it tells of if there is one", () => {
    expect(parseRequestId(requestId("d"))).toBe("d");
    expect(parseRequestId(requestId("d", "o"))).toBe("d");
    expect(attemptOwnerIn(requestId("d"))).toBeUndefined();
    expect(attemptOwnerIn(requestId("d", "o"))).toBe("o");
    expect(readBy(requestId("d", "o"))).toEqual([parseRequestId]);
  });

  it("is an attempt's own name", () => {
    expect(attemptOwnerIn("4b3c")).toBe("4b3c");
    expect(readBy("4b3c")).toEqual([]);
  });

  it.each([
    "",
    "held:frozen",
    "rerun:a:d",
    "rerun:a:d:other",
    "rerun:a:d:force:x",
    "go-ahead:a:d",
    "go-ahead:a:d:o:x",
  ])("is nothing in %j", (id) => {
    expect(attemptOwnerIn(id)).toBeUndefined();
    expect(parseGoAheadId(id)).toBeUndefined();
    expect(parseRerunId(id)?.force).toBeUndefined();
  });
});
