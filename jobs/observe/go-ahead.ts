import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { GoAhead, Journal } from "../../promotion/observation.ts";
import { asksSomebody, stopOf } from "../../promotion/stop.ts";
import { wordIn } from "../reports/check.ts";
import { placeOf } from "../reports/place.ts";
import { boardOf, type Work } from "../services.ts";
import { judgeClicks } from "./people.ts";

/**
 * The word that the attempt in the journal waits for: a queued check run of ours where it reports that names this very
 * attempt, and so the plans that it journaled. Asked of GitHub only while one waits.
 */
export async function findGoAhead(
  work: Work,
  head: ObjectId,
  journal: Journal,
  policies: PolicyReadings,
): Promise<GoAhead | undefined> {
  const waiting = waitingAttempt(head, journal);
  if (!work.deep || !waiting) return undefined;
  const { repository, appId } = boardOf(work);
  const { commit, name } = placeOf(waiting);
  const runs = await listCheckRuns(repository, appId, commit, name);
  const own = runs.flatMap((run) => wordIn(run) ?? []).filter(({ owner }) => owner === waiting.owner);
  return await judgeClicks(repository, policies, own);
}

/** The attempt in the journal that waits for somebody's word, as long as it answers the present head. */
export function waitingAttempt(head: ObjectId | undefined, journal: Journal): Attempt | undefined {
  if (journal.state !== "written" || journal.attempt.head !== head) return undefined;
  const stop = stopOf(journal.attempt);
  return stop && asksSomebody(stop) ? journal.attempt : undefined;
}
