import { describe, expect, it } from "vitest";
import { decide, effectivePolicy } from "../../promotion/decide.ts";
import {
  allowedRerun,
  attempt,
  brokenPolicy,
  closedGate,
  failed,
  hold,
  ids,
  inSync,
  last,
  merged,
  nothing,
  open,
  policies,
  policyError,
  promotion,
  repair,
  request,
  retagged,
  shut,
  untouched,
  written,
} from "./scene.ts";

const done = written({ ...attempt, result: "done", record: ids.record });

describe("before all rules", () => {
  it.each([inSync, merged, untouched, retagged(), { ...inSync, head: undefined }])(
    "a key that is not trusted holds everything",
    (seen) => {
      expect(decide({ ...seen, unknownKey: "SHA256:x" }, policies())).toEqual(
        hold("unknown-key", { key: "SHA256:x" }),
      );
    },
  );

  it("the tag of the latest record is put back, whatever else is wanted", () => {
    const displaced = { ref: "refs/tags/deploy/prod/4", holds: undefined };
    for (const seen of [inSync, merged, retagged(), { ...inSync, current: undefined, journal: done }]) {
      expect(decide({ ...seen, displaced }, policies())).toEqual({
        do: "put-back",
        ref: displaced.ref,
        last,
      });
    }
  });
});

describe("rule 1: no branch, no policy", () => {
  it.each([inSync, untouched, retagged(), { ...inSync, current: undefined }, { ...inSync, journal: open }])(
    "without a branch there is nothing to do",
    (seen) => {
      expect(decide({ ...seen, head: undefined }, policies())).toEqual({ do: "nothing", why: "no-branch" });
    },
  );

  it("a policy that does not parse holds the head and says where", () => {
    expect(decide(merged, brokenPolicy())).toEqual(hold("policy-invalid", { error: policyError }));
    expect(decide(untouched, brokenPolicy())).toEqual(hold("policy-invalid", { error: policyError }));
  });

  it("a policy that does not parse holds a re-run, too", () => {
    expect(decide({ ...merged, rerun: allowedRerun }, brokenPolicy())).toEqual(
      hold("policy-invalid", { error: policyError }),
    );
  });

  it("a policy that does not parse blocks no rollback and no repair", () => {
    expect(decide({ ...retagged(), head: ids.newer }, brokenPolicy())).toMatchObject({ kind: "rollback" });
    expect(decide({ ...merged, journal: open }, brokenPolicy())).toEqual(repair);
  });

  it("a policy that does not parse is no matter once all is in sync", () => {
    expect(decide(inSync, brokenPolicy())).toEqual(nothing);
  });

  it("meanwhile the policy of the last deployment is in force", () => {
    expect(effectivePolicy(brokenPolicy(shut))).toMatchObject({ ok: true, policy: shut });
    expect(effectivePolicy({ ...brokenPolicy(shut), atHead: policies().atHead })).toEqual(policies().atHead);
    expect(decide({ ...merged, journal: open }, brokenPolicy(shut))).toEqual(hold("outside-window"));
  });
});

describe("rule 2: done, but not said", () => {
  const finish = { do: "finish", last, object: ids.attempt, attempt: { result: "done", record: ids.record } };

  it("a recorded attempt is finished first, whatever else is wanted", () => {
    for (const seen of [inSync, merged, retagged(), { ...inSync, current: undefined, frozen: true }]) {
      expect(decide({ ...seen, journal: done }, policies(shut))).toMatchObject(finish);
    }
  });

  it("an attempt that ended in another record than the latest is not", () => {
    const journal = written({ ...attempt, result: "done", record: ids.otherTag });
    expect(decide({ ...inSync, journal }, policies())).toEqual(repair);
  });

  it.each(["open", "failed"] as const)("an attempt that is %s is not", (result) => {
    const journal = written({ ...attempt, result, record: ids.record });
    expect(decide({ ...inSync, journal }, policies()).do).not.toBe("finish");
  });
});

describe("rule 3: current is missing", () => {
  it("it is restored, whatever else is wanted, and nobody is told", () => {
    for (const seen of [inSync, merged, { ...inSync, frozen: true }, { ...merged, journal: open }]) {
      expect(decide({ ...seen, current: undefined }, policies(shut))).toEqual({ do: "restore" });
    }
  });

  it("it is not, when nothing was ever deployed", () => {
    expect(decide(untouched, policies())).toEqual(promotion);
  });
});

describe("rule 4: somebody moved current", () => {
  const rollback = {
    do: "deploy",
    kind: "rollback",
    commit: ids.older,
    branchHead: ids.deployed,
    answersRequest: true,
    event: "delivery-1",
    requestedBy: "ada",
  };

  it("to a commit that ran here before: a rollback", () => {
    expect(decide(retagged(), policies())).toEqual(rollback);
  });

  it("and the rollback holds the head that it saw", () => {
    expect(decide({ ...retagged(), head: ids.newer }, policies())).toMatchObject({ branchHead: ids.newer });
  });

  it("to a new tag of the deployed commit: a redeploy", () => {
    const current = { object: ids.otherTag, commit: ids.deployed };
    expect(decide({ ...retagged(), current }, policies())).toEqual({
      ...rollback,
      kind: "redeploy",
      commit: ids.deployed,
    });
  });

  it("to the commit itself instead of its record: a redeploy", () => {
    const current = { object: ids.deployed, commit: ids.deployed };
    expect(decide({ ...retagged(), current }, policies())).toMatchObject({ kind: "redeploy" });
  });

  it("to an ancestor of the head that never ran here: if its gates pass", () => {
    const facts = { ...request, deployedBefore: false };
    expect(decide(retagged(facts), policies())).toEqual(rollback);
    const refused = { do: "restore", refusal: { reason: "not-deployable", event: "delivery-1", by: "ada" } };
    expect(decide(retagged({ ...facts, gate: closedGate }), policies())).toEqual(refused);
    expect(decide(retagged({ ...facts, ancestorOfHead: false }), policies())).toEqual(refused);
  });

  it("to a commit that ran here before: gates and ancestry do not matter", () => {
    const facts = { ...request, ancestorOfHead: false, gate: closedGate };
    expect(decide(retagged(facts), policies())).toEqual(rollback);
  });

  it("before anything was ever deployed: like any other request", () => {
    const seen = {
      ...retagged({ ...request, deployedBefore: false }),
      last: undefined,
      journal: untouched.journal,
    };
    expect(decide(seen, policies())).toEqual(rollback);
  });

  it("without the right to: it is put back, and they are told", () => {
    const facts = {
      ...request,
      author: {
        ...request.author,
        known: true,
        login: "eve",
        event: "delivery-2",
        allowed: false,
      },
    } as const;
    expect(decide(retagged(facts), policies())).toEqual({
      do: "restore",
      refusal: { reason: "not-permitted", event: "delivery-2", by: "eve" },
    });
  });

  it("to something that is no commit: it is put back, and they are told", () => {
    const seen = { ...retagged(), current: { object: ids.otherTag, commit: undefined } };
    expect(decide(seen, policies())).toEqual({
      do: "restore",
      refusal: { reason: "not-a-commit", event: "delivery-1", by: "ada" },
    });
  });

  it("and nobody knows who, yet: hold for a minute, then put it back and say so", () => {
    const seen = (waited: number) => retagged({ ...request, author: { known: false, waited } });
    expect(decide(seen(0), policies())).toEqual(hold("author-unknown"));
    expect(decide(seen(59.9), policies())).toEqual(hold("author-unknown"));
    expect(decide(seen(60), policies())).toEqual({ do: "restore", refusal: { reason: "author-unknown" } });
  });

  it("and nobody looked who: hold", () => {
    expect(decide({ ...retagged(), request: undefined }, policies())).toEqual(hold("author-unknown"));
  });

  it("while frozen: hold what is allowed, put back what is not", () => {
    expect(decide({ ...retagged(), frozen: true }, policies())).toEqual(hold("frozen"));
    const facts = { ...request, deployedBefore: false, ancestorOfHead: false };
    expect(decide({ ...retagged(facts), frozen: true }, policies())).toMatchObject({ do: "restore" });
  });

  it("outside a window or while claimed: a rollback cannot wait", () => {
    expect(decide({ ...retagged(), claimedBy: "eve" }, policies(shut))).toEqual(rollback);
  });

  it("goes before a merge, a re-run and a repair", () => {
    for (const more of [
      { head: ids.newer },
      { rerun: allowedRerun },
      { journal: open },
      { journal: failed },
    ]) {
      expect(decide({ ...retagged(), ...more }, policies())).toMatchObject({ kind: "rollback" });
    }
  });
});
