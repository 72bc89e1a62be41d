import { randomUUID } from "node:crypto";
import type { Attempt } from "../../promotion/attempt.ts";
import { type Deploy, policyInForce } from "../../promotion/decide.ts";
import { effectiveMode } from "../../promotion/mode.ts";
import type { Journal } from "../../promotion/observation.ts";
import type { Look } from "../observe/observe.ts";
import type { Work } from "../services.ts";

/**
 * The journal's entry for what was decided. Where the journal is gone, whatever it held is superseded: the record is
 * named in its stead, so that plans that were made before go stale all the same.
 */
export function newAttempt({ session }: Work, look: Look, decision: Deploy): Attempt {
  const { observation, book } = look;
  const { journal } = observation;
  const supersedes =
    journal.state === "settled" ? undefined : (book.refs.attempt ?? observation.last?.object);
  return {
    repository: session.target.repositoryId,
    environment: session.environment.name,
    commit: decision.commit,
    kind: decision.kind,
    base: observation.last?.object,
    head: observation.head,
    branchHead: decision.branchHead,
    event: decision.event,
    requestedBy: decision.requestedBy,
    approvedBy: decision.approvedBy,
    supersedes,
    owner: randomUUID(),
    mode: effectiveMode(decision.mode, policyInForce(look.policies).mode),
    force: decision.force,
    approved: decision.approved,
    // The state of every stack must move, or an older plan could still be applied.
    scope: supersedes === undefined ? decision.scope : undefined,
    tries: triesBefore(observation.journal, decision) + 1,
    result: "open",
  };
}

/** How often the very same was tried right before, without an end. */
function triesBefore(journal: Journal, decision: Deploy): number {
  if (journal.state !== "written" || journal.attempt.result !== "open") return 0;
  const { commit, kind, tries } = journal.attempt;
  return commit === decision.commit && kind === decision.kind ? tries : 0;
}
