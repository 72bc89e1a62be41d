import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import { waitingAttempt } from "../../promotion/go-ahead.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { GoAhead, Journal } from "../../promotion/observation.ts";
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
  policies: Promise<PolicyReadings>,
): Promise<GoAhead | undefined> {
  const waiting = waitingAttempt(head, journal);
  if (!work.deep || !waiting) return undefined;
  const { repository, appId } = boardOf(work);
  const { commit, name } = placeOf(waiting);
  const runs = await listCheckRuns(repository, appId, commit, name);
  const own = runs.flatMap((run) => wordIn(run) ?? []).filter(({ owner }) => owner === waiting.owner);
  return await judgeClicks(repository, await policies, own);
}
