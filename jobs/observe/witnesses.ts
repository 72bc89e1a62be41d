import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import { findRefEvents, newestFirst, type RefEvent } from "../../adapters/github/deliveries.ts";
import { parseRequestId, requestCheckName } from "../../promotion/check-name.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { currentRef } from "../../promotion/ref.ts";
import { boardOf, type Work } from "../services.ts";
import { mayAct } from "./people.ts";
import type { Witnesses } from "./request-facts.ts";

/** Who moved `current`: asked of our notes, of GitHub's own log, and of the check runs that answered before. */
export function createWitnesses(work: Work, policies: PolicyReadings): Witnesses {
  const { session, services } = work;
  return {
    newestEvent: (after) => newestEvent(work, after),
    servedEvents: (commit) => servedEvents(work, commit),
    mayRequest: (login) => mayAct(session.github, policies, login),
    secondsSeen: (object) => services.queues.secondsSince(session.target, object),
    forgetSeen: (object) => services.queues.forgetSeen(session.target, object),
  };
}

/**
 * The newest event known says who made the present state. When that one leads elsewhere, or is Waymark's own, the real
 * one is not known yet: whoever moves the tag back to where it was before must not act in the name of the one who had
 * moved it there.
 */
async function newestEvent({ session, services }: Work, after: ObjectId): Promise<RefEvent | undefined> {
  const ref = currentRef(session.environment.name);
  const noted = (await services.queues.events(session.target)).filter((event) => event.ref === ref);
  const { repositoryId } = session.target;
  const logged = await findRefEvents(services.app, { repositoryId, ref });
  const [newest] = newestFirst([...logged, ...noted]);
  return newest?.after === after && newest.sender !== services.botLogin ? newest : undefined;
}

/** An ended check run that answers a request names its delivery; one that was only superseded answers nothing. */
async function servedEvents(work: Work, commit: ObjectId): Promise<readonly string[]> {
  const { repository, appId } = boardOf(work);
  const name = requestCheckName(work.session.environment.name);
  const runs = await listCheckRuns(repository, appId, commit, name);
  const ended = runs.filter((run) => run.status === "completed" && run.conclusion !== "skipped");
  return ended.flatMap((run) => parseRequestId(run.externalId) ?? []);
}
