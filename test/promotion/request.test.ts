import { describe, expect, it } from "vitest";
import { authorGraceSeconds, judgeRequest } from "../../promotion/request.ts";
import { closedGate, ids, maintainer, request } from "./scene.ts";

const told = { event: "delivery-1", by: "ada" };

describe("a request", () => {
  it("is obeyed when its author may and its commit was here before", () => {
    expect(judgeRequest(ids.older, request)).toEqual({
      verdict: "obey",
      commit: ids.older,
      options: {},
      ...told,
    });
  });

  it.each([
    [true, true, true, "obey"],
    [true, false, false, "obey"],
    [false, true, true, "obey"],
    [false, true, false, "refuse"],
    [false, false, true, "refuse"],
    [false, false, false, "refuse"],
  ])("deployed before %s, ancestor %s, gate open %s: %s", (deployedBefore, ancestorOfHead, open, verdict) => {
    const facts = {
      ...request,
      deployedBefore,
      ancestorOfHead,
      gate: open ? ({ passes: true } as const) : closedGate,
    };
    expect(judgeRequest(ids.older, facts).verdict).toBe(verdict);
  });

  it("is judged by its commit, then by its author, then by what may be deployed", () => {
    const stranger = {
      ...request,
      author: { ...maintainer, allowed: false },
      deployedBefore: false,
      ancestorOfHead: false,
    };
    expect(judgeRequest(undefined, stranger)).toEqual({ verdict: "refuse", reason: "not-a-commit", ...told });
    expect(judgeRequest(ids.older, stranger)).toEqual({
      verdict: "refuse",
      reason: "not-permitted",
      ...told,
    });
    expect(judgeRequest(ids.older, { ...stranger, author: maintainer })).toEqual({
      verdict: "refuse",
      reason: "not-deployable",
      ...told,
    });
  });

  it("whose options can't be read is refused, but only for those who may ask at all", () => {
    const unread = { ...request, options: undefined };
    expect(judgeRequest(ids.older, unread)).toMatchObject({ reason: "options-unreadable", ...told });
    const stranger = { ...unread, author: { ...maintainer, allowed: false } };
    expect(judgeRequest(ids.older, stranger)).toMatchObject({ reason: "not-permitted" });
  });

  it("of nobody known waits for its webhook, and no longer than the grace period", () => {
    const since = (waited: number) => ({ ...request, author: { known: false, waited } as const });
    expect(judgeRequest(ids.older, since(0))).toEqual({ verdict: "wait" });
    expect(judgeRequest(ids.older, since(authorGraceSeconds - 1))).toEqual({ verdict: "wait" });
    expect(judgeRequest(ids.older, since(authorGraceSeconds))).toEqual({
      verdict: "refuse",
      reason: "author-unknown",
    });
  });
});
