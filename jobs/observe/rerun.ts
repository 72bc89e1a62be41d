import { type CheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import { branchCheckName, parseRerunId, type RerunId } from "../../promotion/check-name.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { Rerun } from "../../promotion/observation.ts";
import { boardOf, type Work } from "../services.ts";
import { judgeClicks } from "./people.ts";

/** The re-run that somebody asked for on a branch head and that was not taken up yet. */
export async function findRerun(
  work: Work,
  head: ObjectId,
  policies: Promise<PolicyReadings>,
): Promise<Rerun | undefined> {
  if (!work.deep) return undefined;
  const { repository, appId } = boardOf(work);
  const name = branchCheckName(work.session.environment.name);
  const asked = (await listCheckRuns(repository, appId, head, name)).flatMap(askedIn);
  return await judgeClicks(repository, await policies, asked);
}

/** A queued check run of ours that spells who asked. Once taken up, it is in progress. */
function askedIn(run: CheckRun): RerunId[] {
  const asked = run.status === "queued" ? parseRerunId(run.externalId) : undefined;
  return asked ? [asked] : [];
}
