import { type CheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { StoredRecord } from "../../promotion/record.ts";
import { deployedReport, supersededReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import { attemptIn, isAuthentic } from "../observe/authentic.ts";
import { boardOf, type Work } from "../services.ts";
import { isOpen, isWish, updateReport, wordIn } from "./check.ts";
import { closeDeployment } from "./deployment.ts";
import { isAbout, placeOf } from "./place.ts";

/** A chain of unfinished attempts longer than this would take a very bad day. */
const maximumChain = 20;

/** Closes what is still open of an attempt that was superseded, and of those it superseded itself. */
export async function closeSuperseded(
  work: Work,
  from: ObjectId | undefined,
  successor: string,
): Promise<void> {
  let object = from;
  for (let links = 0; object !== undefined && links < maximumChain; links += 1) {
    const superseded = await readAttempt(work, object);
    if (!superseded) return;
    await closeAttempt(work, superseded, supersededReport(successor));
    object = superseded.supersedes;
  }
}

/** The attempt that an object is; undefined: none of Waymark's. */
export async function readAttempt({ session }: Work, object: string): Promise<Attempt | undefined> {
  const tag = (await session.git.readTags([object])).get(object);
  const owner = { repository: session.target.repositoryId, environment: session.environment.name };
  return isAuthentic(tag) ? attemptIn(tag, owner)?.attempt : undefined;
}

const superseded = supersededReport("a newer attempt");

/**
 * Closes what is still open of one attempt. A check run that a successor took over already is the successor's: it is
 * known by its external id.
 */
export async function closeOwn(work: Work, attempt: Attempt, last: StoredRecord | undefined): Promise<void> {
  const { externalId } = placeOf(attempt);
  const words = last && isAbout(placeOf(attempt), last.record) ? deployedReport(last.record) : superseded;
  await closeAttempt(work, attempt, words, (run) => run.externalId === externalId);
}

/** What people ask for meanwhile is not its own: whoever looks takes it up, or closes it. */
async function closeAttempt(
  work: Work,
  attempt: Attempt,
  words: Report,
  concerns: (run: CheckRun) => boolean = () => true,
): Promise<void> {
  const board = boardOf(work);
  const place = placeOf(attempt);
  const runs = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
  const isLeft = (run: CheckRun): boolean => isWish(run) && wordIn(run)?.owner !== attempt.owner;
  for (const run of runs.filter((one) => isOpen(one) && !isLeft(one) && concerns(one))) {
    const at = { ...place, externalId: run.externalId };
    await updateReport(board, run.id, at, words);
  }
  await closeDeployment(board, attempt, "inactive", "Superseded");
}
