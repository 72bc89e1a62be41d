import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Decision, decide } from "../../promotion/decide.ts";
import { looksOnly } from "../../promotion/mode.ts";
import type { Observation } from "../../promotion/observation.ts";
import { observations, readings } from "./observations.ts";
import { inSync, policies } from "./scene.ts";
import { isRest, type Outcome, play } from "./world.ts";

const outcomes = fc.array(fc.constantFrom<Outcome>("success", "failure", "stop", "crash"), { maxLength: 6 });
/** Put back, finish, restore, deploy, finish, put right, finish, rest. */
const patience = 9;
const runs = { numRuns: 5000 };

/** Does this deployment bring something that is not what runs now? */
const moves = (seen: Observation, decision: Decision) =>
  decision.do === "deploy" && decision.commit !== seen.last?.record.commit;

/** A person who may asked for it, by a tag or by a click. */
const wasAsked = ({ request, rerun, goAhead }: Observation, decision: Extract<Decision, { do: "deploy" }>) =>
  decision.answersRequest
    ? request?.author.known === true && request.author.allowed
    : rerun?.allowed === true || goAhead?.allowed === true;

describe("decide, whatever it sees", () => {
  it("comes to rest, however attempts end", () => {
    fc.assert(
      fc.property(observations, readings, outcomes, (seen, policies, ends) => {
        const steps = play(seen, policies, ends, patience + ends.length);
        expect(steps.at(-1)?.decision).toSatisfy(isRest);
      }),
      runs,
    );
  });

  it("moves forward to a descendant, or because it was asked, or else repairs", () => {
    fc.assert(
      fc.property(observations, readings, outcomes, (start, policies, ends) => {
        for (const { seen, decision } of play(start, policies, ends, patience + ends.length)) {
          if (decision.do !== "deploy" || !moves(seen, decision) || wasAsked(seen, decision)) continue;
          expect(decision).toMatchObject({ kind: "promotion", commit: seen.head, answersRequest: false });
          expect(seen.last === undefined || seen.headFacts.descends).toBe(true);
          expect(seen.last?.record.branchHead).not.toBe(seen.head);
        }
      }),
      runs,
    );
  });

  it("repairs only what was left unfinished", () => {
    fc.assert(
      fc.property(observations, readings, (seen, policies) => {
        const decision = decide(seen, policies);
        if (decision.do !== "deploy" || decision.kind !== "redeploy" || decision.answersRequest) return;
        if (!wasAsked(seen, decision)) expect(decision.commit).toBe(seen.last?.record.commit);
        expect(seen.journal.state !== "settled" || decision.scope !== undefined).toBe(true);
      }),
      runs,
    );
  });

  it("provisions by itself only what is recorded, when it is due and nothing else is wanted, and once", () => {
    fc.assert(
      fc.property(observations, readings, (start, policies) => {
        const steps = play(start, policies, [], patience);
        const due = steps.filter(({ decision }) => decision.do === "deploy" && decision.scope !== undefined);
        for (const { seen, decision } of due) {
          const record = seen.last?.record;
          expect(decision).toMatchObject({ commit: record?.commit, branchHead: seen.head, kind: "redeploy" });
          expect(
            Math.min(record?.due ?? seen.now + 1, record?.postponed?.until ?? seen.now + 1),
          ).toBeLessThanOrEqual(seen.now);
          expect(seen.journal.state).toBe("settled");
        }
        expect(due.length).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });

  it("rests in sync after a success that answers the head", () => {
    fc.assert(
      fc.property(observations, readings, (start, policies) => {
        const steps = play(start, policies, [], patience);
        const at = steps.findIndex(
          ({ seen, decision }) =>
            decision.do === "deploy" && decision.branchHead === seen.head && !looksOnly(decision.mode),
        );
        fc.pre(at >= 0);
        const after = steps.slice(at + 1).map(({ decision }) => decision);
        expect(after).toMatchObject([{ do: "finish" }, { do: "nothing", why: "in-sync" }]);
      }),
      runs,
    );
  });

  it("deploys nothing while frozen, under a foreign key or without a branch", () => {
    fc.assert(
      fc.property(observations, readings, (seen, policies) => {
        fc.pre(seen.frozen || seen.unknownKey !== undefined || seen.head === undefined);
        expect(decide(seen, policies).do).not.toBe("deploy");
      }),
      runs,
    );
  });

  it("promotes nothing past a closed gate, without an application or under a policy that does not parse", () => {
    fc.assert(
      fc.property(observations, readings, (seen, policies) => {
        const { gate, hasApp } = seen.headFacts;
        fc.pre(!gate.passes || !hasApp || !policies.atHead.ok);
        expect(decide(seen, policies)).not.toMatchObject({ do: "deploy", kind: "promotion" });
      }),
      runs,
    );
  });

  it("obeys only those who may, and only for commits that may be deployed", () => {
    fc.assert(
      fc.property(observations, readings, (seen, policies) => {
        const decision = decide(seen, policies);
        if (decision.do !== "deploy" || !decision.answersRequest) return;
        const { request } = seen;
        expect(request?.author).toMatchObject({ known: true, allowed: true });
        expect(request?.deployedBefore || (request?.ancestorOfHead && request.gate.passes)).toBe(true);
        expect(decision.commit).toBe(seen.current?.commit);
        expect(decision.branchHead).toBe(seen.head);
      }),
      runs,
    );
  });

  it("approves nothing but what waits, and only by somebody who may", () => {
    fc.assert(
      fc.property(observations, readings, (seen, policies) => {
        const decision = decide(seen, policies);
        if (decision.do !== "deploy" || decision.approvedBy === undefined) return;
        expect(seen.goAhead?.allowed).toBe(true);
        expect(seen.journal).toMatchObject({
          attempt: { head: seen.head, commit: decision.commit, failure: { code: "approval-needed" } },
        });
      }),
      runs,
    );
  });

  it("hears no word of somebody who may not", () => {
    fc.assert(
      fc.property(observations, readings, (any, policies) => {
        const seen = { ...any, goAhead: undefined };
        expect(decide({ ...seen, goAhead: { by: "eve", allowed: false } }, policies)).toEqual(
          decide(seen, policies),
        );
      }),
      runs,
    );
  });

  it("gets a merge deployed when nothing stands in its way", () => {
    const opened = policies();
    fc.assert(
      fc.property(observations, (any) => {
        const { headFacts, frozen, now } = inSync;
        const seen = { ...any, headFacts, frozen, now, unknownKey: undefined, claimedBy: undefined };
        const { last, journal, head } = seen;
        const isMerge = head !== undefined && head !== last?.record.branchHead;
        const failedBefore =
          journal.state === "written" && journal.attempt.result === "failed" && journal.attempt.head === head;
        fc.pre(isMerge && !failedBefore && seen.request === undefined);
        fc.pre(seen.current === undefined || seen.current.object === last?.object);
        const final = play(seen, opened, [], patience).at(-1)?.seen;
        expect(final?.last?.record).toMatchObject({ commit: head, kind: "promotion" });
      }),
      runs,
    );
  });
});
