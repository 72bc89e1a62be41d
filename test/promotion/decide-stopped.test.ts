import { describe, expect, it } from "vitest";
import type { Attempt } from "../../promotion/attempt.ts";
import { decide } from "../../promotion/decide.ts";
import type { Observation } from "../../promotion/observation.ts";
import {
  allowedRerun,
  brokenPolicy,
  closedGate,
  failedAttempt,
  hold,
  ids,
  inSync,
  merged,
  nothing,
  policies,
  promotion,
  repair,
  request,
  retagged,
  shut,
  written,
} from "./scene.ts";

const plan = (digit: string) => digit.repeat(64);
const stop = (code: string, fields: Partial<Attempt> = {}): Attempt => ({
  ...failedAttempt,
  failure: { code, message: "it stopped", next: "Look." },
  mode: "incremental",
  branchHead: ids.newer,
  ...fields,
});
const waiting = stop("approval-needed", { waits: [plan("1")], force: true });
const seen = (attempt: Attempt, more: Partial<Observation> = {}): Observation => ({
  ...merged,
  journal: written(attempt),
  ...more,
});
const goAhead = { by: "ada", allowed: true };
const rollback = {
  kind: "rollback",
  commit: ids.older,
  event: "delivery-1",
  requestedBy: "bob",
} as const satisfies Partial<Attempt>;

describe("an attempt that stopped", () => {
  it.each(["validated", "planned", "approval-needed", "end-unknown"])(
    "as %s is held, and is no failure",
    (code) => {
      const attempt = stop(code);
      const held = hold("stopped", { attempt });
      expect(decide(seen(attempt), policies())).toEqual(held);
      expect(decide(seen(attempt), policies({ rollbackOnFailure: true }))).toEqual(held);
      const repaired = { ...attempt, ...repairOf(inSync), head: ids.deployed };
      expect(decide({ ...inSync, journal: written(repaired) }, policies())).toEqual(
        hold("stopped", { attempt: repaired }),
      );
    },
  );

  it("is left behind when the branch moves on", () => {
    const journal = written({ ...waiting, head: ids.older });
    expect(decide({ ...merged, journal, goAhead }, policies())).toEqual(promotion);
    expect(decide({ ...inSync, journal, goAhead }, policies())).toEqual(repair);
  });

  it("is tried anew by a re-run, which approves nothing and may trust no cache", () => {
    expect(decide(seen(waiting, { rerun: allowedRerun }), policies())).toEqual({
      ...promotion,
      requestedBy: "ada",
    });
    const forced = { ...allowedRerun, force: true };
    expect(decide(seen(waiting, { rerun: forced }), policies())).toMatchObject({
      force: true,
      requestedBy: "ada",
    });
  });
});

const repairOf = ({ last }: Observation) =>
  ({ kind: "redeploy", commit: last?.record.commit ?? "" }) as const;

describe("an approval", () => {
  it("makes the same attempt once more, with the plans that waited added to those approved", () => {
    const attempt = { ...waiting, approved: [plan("2")], scope: "provision", requestedBy: "bob" } as const;
    expect(decide(seen(attempt, { goAhead }), policies())).toEqual({
      ...promotion,
      mode: "incremental",
      force: true,
      scope: "provision",
      approved: [plan("1"), plan("2")],
      approvedBy: "ada",
      requestedBy: "bob",
    });
  });

  it("comes before a re-run that was asked for, too: it was said about more", () => {
    const decision = decide(seen(waiting, { goAhead, rerun: allowedRerun }), policies());
    expect(decision).toMatchObject({ approved: [plan("1")] });
  });

  it("carries out a rollback that waited, though current is back at the record", () => {
    const attempt = { ...waiting, ...rollback };
    expect(decide(seen(attempt, { goAhead }), policies())).toMatchObject({
      do: "deploy",
      ...rollback,
      branchHead: ids.newer,
      answersRequest: false,
      approved: [plan("1")],
    });
  });

  it("of a repair keeps the branch head that the repair was to name", () => {
    const attempt = { ...waiting, kind: "redeploy", commit: ids.deployed, branchHead: ids.deployed } as const;
    expect(decide(seen(attempt, { goAhead }), policies())).toMatchObject({ ...repair, approvedBy: "ada" });
  });

  it.each(["validated", "planned", "apply-failed"])("of what ended as %s approves nothing", (code) => {
    const attempt = stop(code);
    expect(decide(seen(attempt, { goAhead }), policies())).toEqual(decide(seen(attempt), policies()));
  });

  it("waits at closed doors and gates, like a re-run", () => {
    const held = (more: Partial<Observation>, readings = policies()) =>
      decide(seen(waiting, { goAhead, ...more }), readings);
    expect(held({ frozen: true })).toEqual(hold("frozen"));
    expect(held({ claimedBy: "eve" })).toEqual(hold("claimed", { by: "eve" }));
    expect(held({}, policies(shut))).toEqual(hold("outside-window"));
    const headFacts = { ...merged.headFacts, gate: closedGate };
    expect(held({ headFacts })).toEqual(hold("gate", { gate: closedGate }));
    expect(held({}, brokenPolicy())).toMatchObject({ do: "hold", hold: { reason: "policy-invalid" } });
  });

  it("of a rollback passes the doors that the request itself passes, and no more", () => {
    const more = { goAhead, claimedBy: "eve" };
    const attempt = { ...waiting, ...rollback };
    expect(decide(seen(attempt, more), policies(shut))).toMatchObject({ do: "deploy", kind: "rollback" });
    expect(decide(seen(attempt, { ...more, frozen: true }), policies())).toEqual(hold("frozen"));
  });

  it("is heard only once nobody asks for anything else by the tag", () => {
    const journal = written(waiting);
    expect(decide({ ...retagged(), head: ids.newer, journal, goAhead }, policies())).toMatchObject({
      answersRequest: true,
      commit: ids.older,
    });
  });
});

describe("whoever resumes", () => {
  it("asks for the attempt, and approves nothing", () => {
    const attempt = stop("end-unknown", { waits: [plan("1")], approved: [plan("2")], approvedBy: "bob" });
    expect(decide(seen(attempt, { goAhead }), policies())).toEqual({
      ...promotion,
      mode: "incremental",
      approved: [plan("2")],
      approvedBy: "bob",
      requestedBy: "ada",
    });
  });
});

describe("a request for a mode", () => {
  const asks = (mode: "whatif" | "complete") => retagged({ ...request, options: { mode, force: true } });

  it("is handed on with its options", () => {
    expect(decide(asks("whatif"), policies())).toMatchObject({ do: "deploy", mode: "whatif", force: true });
  });

  it("gets past no freeze", () => {
    expect(decide({ ...asks("whatif"), frozen: true }, policies())).toEqual(hold("frozen"));
  });

  it("that only looked leaves the journal, and then nothing else has changed", () => {
    const attempt = stop("planned", { ...rollback, mode: "whatif", head: ids.deployed });
    const journal = written(attempt);
    expect(decide({ ...inSync, journal }, policies())).toEqual({
      do: "withdraw",
      attempt,
      object: ids.attempt,
    });
    expect(decide(inSync, policies())).toEqual(nothing);
  });
});
