import { describe, expect, it } from "vitest";
import { decide } from "../../promotion/decide.ts";
import type { Observation } from "../../promotion/observation.ts";
import {
  allowedRerun,
  attempt,
  brokenPolicy,
  closedGate,
  failed,
  failedAttempt,
  failure,
  hold,
  ids,
  inSync,
  last,
  merged,
  nothing,
  open,
  policies,
  promotion,
  repair,
  shut,
  untouched,
  written,
} from "./scene.ts";

describe("rule 5: closed doors", () => {
  const wants: readonly (readonly [string, Observation])[] = [
    ["a merge", merged],
    ["the very first deployment", untouched],
    ["a re-run", { ...inSync, rerun: allowedRerun }],
    ["a repair", { ...inSync, journal: open }],
  ];

  it.each(wants)("hold %s while frozen", (_, seen) => {
    expect(decide({ ...seen, frozen: true }, policies())).toEqual(hold("frozen"));
  });

  it.each(wants)("hold %s outside a window", (_, seen) => {
    expect(decide(seen, policies(shut))).toEqual(hold("outside-window"));
  });

  it.each(wants)("hold %s while claimed by another", (_, seen) => {
    expect(decide({ ...seen, claimedBy: "eve" }, policies())).toEqual(hold("claimed", { by: "eve" }));
  });

  it("are no matter when nothing is wanted", () => {
    expect(decide({ ...inSync, frozen: true, claimedBy: "eve" }, policies(shut))).toEqual(nothing);
  });

  it("are named in this order: frozen, window, claim", () => {
    const seen = { ...merged, frozen: true, claimedBy: "eve" };
    expect(decide(seen, policies(shut))).toEqual(hold("frozen"));
    expect(decide({ ...seen, frozen: false }, policies(shut))).toEqual(hold("outside-window"));
  });

  it("hold the automatic way back, too", () => {
    const seen = { ...merged, journal: failed, frozen: true };
    expect(decide(seen, policies({ rollbackOnFailure: true }))).toEqual(hold("frozen"));
  });
});

describe("rule 6: a re-run", () => {
  it("deploys the head although it is in sync, and says who asked", () => {
    expect(decide({ ...inSync, rerun: allowedRerun }, policies())).toEqual({
      ...promotion,
      commit: ids.deployed,
      branchHead: ids.deployed,
      requestedBy: "ada",
    });
  });

  it("tries a head again that failed before", () => {
    expect(decide({ ...merged, journal: failed, rerun: allowedRerun }, policies())).toEqual({
      ...promotion,
      requestedBy: "ada",
    });
  });

  it("confirms a rewritten branch", () => {
    const headFacts = { ...merged.headFacts, descends: false };
    expect(decide({ ...merged, headFacts, rerun: allowedRerun }, policies())).toMatchObject({
      kind: "promotion",
    });
  });

  it("ends a rollback's hold on the head", () => {
    const rolledBack = { ...last, record: { ...last.record, commit: ids.older, kind: "rollback" as const } };
    const seen = { ...inSync, last: rolledBack };
    expect(decide(seen, policies())).toEqual(nothing);
    expect(decide({ ...seen, rerun: allowedRerun }, policies())).toMatchObject({ commit: ids.deployed });
  });

  it("passes no gate that is closed", () => {
    const headFacts = { ...merged.headFacts, gate: closedGate };
    expect(decide({ ...inSync, headFacts, rerun: allowedRerun }, policies())).toEqual(
      hold("gate", { gate: closedGate }),
    );
  });

  it("by somebody who may not changes nothing", () => {
    const rerun = { by: "eve", allowed: false };
    expect(decide({ ...inSync, rerun }, policies())).toEqual(nothing);
    expect(decide({ ...merged, journal: failed, rerun }, policies())).toEqual(
      hold("failed-before", { failure }),
    );
  });
});

describe("rule 7: the branch moved", () => {
  it("a merge is deployed", () => {
    expect(decide(merged, policies())).toEqual(promotion);
  });

  it("the first head is deployed, whatever descends from what", () => {
    const headFacts = { ...untouched.headFacts, descends: false };
    expect(decide({ ...untouched, headFacts }, policies())).toEqual(promotion);
  });

  it("a closed gate holds the head and is named", () => {
    for (const seen of [merged, untouched]) {
      const headFacts = { ...merged.headFacts, gate: closedGate };
      expect(decide({ ...seen, headFacts }, policies())).toEqual(hold("gate", { gate: closedGate }));
    }
  });

  it("a head without an application is held, before its gates are named", () => {
    const headFacts = { ...merged.headFacts, hasApp: false, gate: closedGate };
    for (const seen of [merged, untouched, { ...inSync, rerun: allowedRerun }]) {
      expect(decide({ ...seen, headFacts }, policies())).toEqual(hold("no-app"));
    }
  });

  it("a head that failed before is held, with the reason", () => {
    expect(decide({ ...merged, journal: failed }, policies())).toEqual(hold("failed-before", { failure }));
    expect(decide({ ...untouched, journal: failed }, policies())).toEqual(hold("failed-before", { failure }));
  });

  it("a head that did not fail before is deployed although another failed", () => {
    const journal = written({ ...failedAttempt, head: ids.older, commit: ids.older });
    expect(decide({ ...merged, journal }, policies())).toEqual(promotion);
  });

  it("a head that was interrupted is deployed again", () => {
    expect(decide({ ...merged, journal: open }, policies())).toEqual(promotion);
  });

  it("a rewritten branch is held", () => {
    const headFacts = { ...merged.headFacts, descends: false };
    expect(decide({ ...merged, headFacts }, policies())).toEqual(
      hold("branch-rewritten", { recorded: ids.deployed }),
    );
  });

  it("a merge after a rollback is deployed", () => {
    const rolledBack = { ...last, record: { ...last.record, commit: ids.older, kind: "rollback" as const } };
    expect(decide({ ...merged, last: rolledBack }, policies())).toEqual(promotion);
  });

  it("a merge after a failed rollback is deployed", () => {
    const journal = written({ ...failedAttempt, kind: "rollback", commit: ids.older, head: ids.deployed });
    expect(decide({ ...merged, journal }, policies())).toEqual(promotion);
  });
});

describe("rollbackOnFailure", () => {
  const goBack = policies({ rollbackOnFailure: true });

  it("deploys the last record again, as of the head that failed", () => {
    expect(decide({ ...merged, journal: failed }, goBack)).toEqual({ ...repair, branchHead: ids.newer });
  });

  it("has nowhere to go back to at first", () => {
    expect(decide({ ...untouched, journal: failed }, goBack)).toEqual(hold("failed-before", { failure }));
  });

  it.each(["rollback", "redeploy"] as const)("does nothing about a failed %s", (kind) => {
    const journal = written({ ...failedAttempt, kind });
    expect(decide({ ...merged, journal }, goBack)).toEqual(hold("failed-before", { failure }));
  });

  it("is read from the last deployment's policy while the head's does not parse", () => {
    const readings = brokenPolicy({ rollbackOnFailure: true });
    expect(decide({ ...merged, journal: failed }, readings)).toMatchObject({ kind: "redeploy" });
  });
});

describe("rule 8: unfinished, and nothing else to do", () => {
  it("an open attempt is repaired", () => {
    expect(decide({ ...inSync, journal: open }, policies())).toEqual(repair);
  });

  it("an attempt that failed for another head is repaired", () => {
    expect(decide({ ...inSync, journal: failed }, policies())).toEqual(repair);
  });

  it("an attempt that failed for no head is repaired", () => {
    const journal = written({ ...failedAttempt, head: undefined });
    expect(decide({ ...inSync, journal }, policies())).toEqual(repair);
  });

  it("an attempt that failed for this head is held", () => {
    const journal = written({ ...failedAttempt, head: ids.deployed, kind: "rollback", commit: ids.older });
    expect(decide({ ...inSync, journal }, policies())).toEqual(hold("may-differ", { failure }));
  });

  it.each([{ state: "absent" }, { state: "foreign", object: ids.otherTag }] as const)(
    "a journal that is $state is repaired",
    (journal) => {
      expect(decide({ ...inSync, journal }, policies())).toEqual(repair);
    },
  );

  it("a repair keeps the branch head, so that a held merge stays wanted", () => {
    const headFacts = { ...merged.headFacts, gate: closedGate };
    expect(
      decide({ ...merged, journal: written({ ...attempt, head: ids.older }), headFacts }, policies()),
    ).toEqual(repair);
  });

  it("there is nothing to repair before the first record", () => {
    const headFacts = { ...merged.headFacts, gate: closedGate };
    expect(decide({ ...untouched, journal: open, headFacts }, policies())).toEqual(
      hold("gate", { gate: closedGate }),
    );
  });
});

describe("rule 9: in sync", () => {
  it("there is nothing to do", () => {
    expect(decide(inSync, policies())).toEqual(nothing);
  });

  it("the history is not even looked at", () => {
    const headFacts = { descends: false, gate: closedGate, hasApp: false };
    expect(decide({ ...inSync, headFacts }, policies())).toEqual(nothing);
  });
});

describe("rule 10: provisioning is due", () => {
  const now = inSync.now;
  const postponed = { stacks: ["network"], tries: 1, until: now };
  const dueAt = (record: object): Observation => ({
    ...inSync,
    last: { ...last, record: { ...last.record, ...record } },
  });
  const due = dueAt({ due: now });

  it("deploys the record's provisioning stacks, as of the head that is recorded", () => {
    expect(decide(due, policies())).toEqual({ ...repair, scope: "provision" });
    expect(decide(dueAt({ due: now + 1, postponed }), policies())).toEqual({ ...repair, scope: "postponed" });
  });

  it("of what was rolled back to, which stays so", () => {
    const rolledBack = dueAt({ due: now, commit: ids.older, kind: "rollback" });
    expect(decide(rolledBack, policies())).toEqual({ ...repair, commit: ids.older, scope: "provision" });
  });

  it("does not come before its time", () => {
    expect(decide(dueAt({ due: now + 1, postponed: { ...postponed, until: now + 1 } }), policies())).toEqual(
      nothing,
    );
  });

  it("waits silently behind a closed door: nobody asked", () => {
    expect(decide({ ...due, frozen: true }, policies())).toEqual(nothing);
    expect(decide({ ...due, claimedBy: "eve" }, policies())).toEqual(nothing);
    expect(decide(due, policies(shut))).toEqual(nothing);
  });

  it("comes after all that is wanted, repaired or held", () => {
    expect(decide({ ...due, head: ids.newer }, policies())).toEqual(promotion);
    expect(decide({ ...due, rerun: allowedRerun }, policies())).toMatchObject({ kind: "promotion" });
    expect(decide({ ...due, journal: open }, policies())).toEqual(repair);
    const headFacts = { ...due.headFacts, gate: closedGate };
    expect(decide({ ...due, head: ids.newer, headFacts }, policies())).toEqual(
      hold("gate", { gate: closedGate }),
    );
  });

  it("waits while no policy says which stacks it is about", () => {
    const { atHead } = brokenPolicy();
    expect(decide(due, { atHead, atLast: atHead })).toEqual(nothing);
    expect(decide(due, brokenPolicy())).toMatchObject({ scope: "provision" });
  });

  it("is not tried again by itself when it failed", () => {
    const journal = written({ ...failedAttempt, kind: "redeploy", head: ids.deployed, scope: "provision" });
    expect(decide({ ...due, journal }, policies())).toEqual(hold("may-differ", { failure }));
  });
});
