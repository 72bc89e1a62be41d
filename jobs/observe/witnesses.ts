import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import { findRefEvent, type RefEvent } from "../../adapters/github/deliveries.ts";
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
    newestEvent: (after, served) => newestEvent(work, after, served),
    servedEvents: (commit) => servedEvents(work, commit),
    mayRequest: (login) => mayAct(session.github, policies, login),
    isSelf: (login) => login === services.botLogin,
    secondsSeen: (object) => services.queues.secondsSince(session.target, object),
  };
}

/** The newest event known says who made the present state; when that one was served, the real one is not known yet. */
async function newestEvent(
  { session, services }: Work,
  after: ObjectId,
  served: ReadonlySet<string>,
): Promise<RefEvent | undefined> {
  const ref = currentRef(session.environment.name);
  const notes = await services.queues.events(session.target);
  const noted = notes.find((event) => event.ref === ref && event.after === after);
  if (noted && !served.has(noted.delivery)) return noted;
  const repositoryId = session.target.repositoryId;
  const logged = await findRefEvent(services.app, { repositoryId, ref, after });
  return logged && !served.has(logged.delivery) ? logged : undefined;
}

/** An ended check run that answers a request names its delivery. */
async function servedEvents(work: Work, commit: ObjectId | undefined): Promise<readonly string[]> {
  if (commit === undefined) return [];
  const { repository, appId } = boardOf(work);
  const name = requestCheckName(work.session.environment.name);
  const runs = await listCheckRuns(repository, appId, commit, name);
  const ended = runs.filter((run) => run.status === "completed");
  return ended.flatMap((run) => parseRequestId(run.externalId) ?? []);
}
