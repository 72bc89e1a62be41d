import {
  type CheckRun,
  type CheckState,
  createCheckRun,
  listCheckRuns,
  updateCheckRun,
} from "../../adapters/github/check-runs.ts";
import type { GitHubRepository } from "../../adapters/github/repository.ts";
import { parseRerunId } from "../../promotion/check-name.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { supersededReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";

/** Where a report is shown. */
export interface CheckPlace {
  readonly name: string;
  readonly commit: ObjectId;
  /** What the report is about: an attempt's owner, or the delivery it answers. */
  readonly externalId: string;
}

export interface CheckBoard {
  readonly repository: GitHubRepository;
  readonly appId: number;
}

const retryAction = { label: "Retry", description: "Deploy this commit again", identifier: "retry" };

/**
 * Makes the check run at a place say what the report says, whatever was there: an open one or one about the same
 * thing is brought there, further open ones are closed. Doing it twice changes nothing. `spared` is left alone. Gives
 * its id.
 */
export async function showReport(
  board: CheckBoard,
  place: CheckPlace,
  report: Report,
  spared: (run: CheckRun) => boolean = () => false,
): Promise<number> {
  const all = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
  const runs = all.filter((run) => !spared(run));
  // The newest, since that is the one people see.
  const own = runs.find((run) => run.externalId === place.externalId || isOpen(run));
  for (const other of runs.filter((run) => isOpen(run) && run.id !== own?.id)) {
    await updateCheckRun(
      board.repository,
      other.id,
      stateOf({ ...place, externalId: other.externalId }, superseded),
    );
  }
  if (!own) return await createCheckRun(board.repository, board.appId, stateOf(place, report));
  if (!says(own, report)) await updateCheckRun(board.repository, own.id, stateOf(place, report));
  return own.id;
}

/** The same for one known check run, as long as it is ours: a successor may have taken it over, and ended it. */
export async function updateOwn(
  board: CheckBoard,
  id: number,
  place: CheckPlace,
  report: Report,
): Promise<void> {
  const runs = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
  const isOwn = runs.some((run) => run.id === id && isOpen(run) && run.externalId === place.externalId);
  if (isOwn) await updateReport(board, id, place, report);
}

/** Brings one known check run to a report, without looking first. */
export async function updateReport(
  board: CheckBoard,
  id: number,
  place: CheckPlace,
  report: Report,
): Promise<void> {
  await updateCheckRun(board.repository, id, stateOf(place, report));
}

export function isOpen(run: CheckRun): boolean {
  return run.status !== "completed";
}

/** Somebody asks for a re-run by it, and nobody has taken it up. */
export function isWish({ status, externalId }: CheckRun): boolean {
  return status === "queued" && parseRerunId(externalId) !== undefined;
}

/** Already ended just so. */
export function says(run: CheckRun, report: Report): boolean {
  return !isOpen(run) && run.conclusion === report.ending && run.title === report.title;
}

const superseded = supersededReport("a newer run of this check");

function stateOf(place: CheckPlace, report: Report): CheckState {
  return {
    ...place,
    conclusion: report.ending,
    output: { title: report.title, summary: report.summary },
    actions: report.canRetry && report.ending !== undefined ? [retryAction] : [],
  };
}
