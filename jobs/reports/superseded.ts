import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { supersededReport } from "../../promotion/report/outcome.ts";
import { attemptIn, isAuthentic } from "../observe/authentic.ts";
import { boardOf, type Work } from "../services.ts";
import { isOpen, updateReport } from "./check.ts";
import { closeDeployment } from "./deployment.ts";
import { placeOf } from "./place.ts";

/** A chain of unfinished attempts longer than this would take a very bad day. */
const maximumChain = 20;

/** Closes what is still open of the attempts that this one superseded, one after another. */
export async function closeSuperseded(work: Work, attempt: Attempt, successor: string): Promise<void> {
  let object = attempt.supersedes;
  for (let links = 0; object !== undefined && links < maximumChain; links += 1) {
    const superseded = await readAttempt(work, object);
    if (!superseded) return;
    await closeAttempt(work, superseded, successor);
    object = superseded.supersedes;
  }
}

async function readAttempt({ session }: Work, object: string): Promise<Attempt | undefined> {
  const tag = (await session.git.fetchTags([object])).get(object);
  const owner = { repository: session.target.repositoryId, environment: session.environment.name };
  return isAuthentic(tag) ? attemptIn(tag, owner)?.attempt : undefined;
}

async function closeAttempt(work: Work, attempt: Attempt, successor: string): Promise<void> {
  const board = boardOf(work);
  const place = placeOf(attempt);
  const runs = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
  for (const run of runs.filter(isOpen)) {
    const at = { ...place, externalId: run.externalId };
    await updateReport(board, run.id, at, supersededReport(successor));
  }
  await closeDeployment(board, attempt, "inactive", "Superseded");
}
