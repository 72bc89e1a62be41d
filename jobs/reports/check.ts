import {
  type CheckAction,
  type CheckRun,
  type CheckState,
  createCheckRun,
  listCheckRuns,
  updateCheckRun,
} from "../../adapters/github/check-runs.ts";
import type { GitHubRepository } from "../../adapters/github/repository.ts";
import { type GoAheadId, parseGoAheadId, parseRerunId } from "../../promotion/check-name.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { supersededReport } from "../../promotion/report/outcome.ts";
import type { Offer, Report } from "../../promotion/report/report.ts";

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

/** Labels of at most 20 characters, descriptions of at most 40. */
const buttons: Readonly<Record<Offer, Omit<CheckAction, "identifier">>> = {
  retry: { label: "Retry", description: "Deploy this commit again" },
  force: { label: "Retry without caches", description: "Deploy it again, made anew from scratch" },
  approve: { label: "Approve", description: "Apply what is deleted and replaced here" },
  resume: { label: "Resume", description: "I have looked: go on from here" },
};

/**
 * Makes the check run at a place say what the report says, whatever was there: an open one or one about the same
 * thing is brought there, further open ones are closed. Doing it twice changes nothing. `spared` is left alone: a word
 * that lets an attempt go on, unless told otherwise, for a worker that was paused must not take it away. Gives its id.
 */
export async function showReport(
  board: CheckBoard,
  place: CheckPlace,
  report: Report,
  spared: (run: CheckRun) => boolean = (run) => wordIn(run) !== undefined,
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

/** Somebody asks for something by it, and nobody has taken it up. */
export function isWish(run: CheckRun): boolean {
  const asked = parseRerunId(run.externalId) !== undefined || wordIn(run) !== undefined;
  return run.status === "queued" && asked;
}

/** The word that nobody has taken up, by which somebody lets an attempt go on. */
export function wordIn({ status, externalId }: CheckRun): GoAheadId | undefined {
  return status === "queued" ? parseGoAheadId(externalId) : undefined;
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
    actions: actionsOf(report),
  };
}

function actionsOf({ ending, offers = [] }: Report): CheckAction[] {
  return ending === undefined ? [] : offers.map((identifier) => ({ ...buttons[identifier], identifier }));
}
