import { type CheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import {
  branchCheckName,
  type GoAheadId,
  parseGoAheadId,
  parseRerunId,
  requestCheckName,
} from "../../promotion/check-name.ts";
import { waitingAttempt } from "../../promotion/go-ahead.ts";
import { type ObjectId, shortId } from "../../promotion/object-id.ts";
import { code } from "../../promotion/report/markdown.ts";
import { deployedReport, endedReport, supersededReport } from "../../promotion/report/outcome.ts";
import { clickRefusedReport, staleClickReport } from "../../promotion/report/refused.ts";
import type { Report } from "../../promotion/report/report.ts";
import { goOnOffer } from "../../promotion/report/stopped.ts";
import { stopOf } from "../../promotion/stop.ts";
import { readEnvironmentRefs } from "../observe/environment-refs.ts";
import type { Look } from "../observe/observe.ts";
import { boardOf, type Work } from "../services.ts";
import { isOpen, showReport, updateReport } from "./check.ts";
import { closeDeployment } from "./deployment.ts";
import { laterHeads } from "./later-heads.ts";
import { headPlace, isAbout, placeOf } from "./place.ts";
import { closeSuperseded } from "./superseded.ts";
import type { Told } from "./told.ts";
import { isOthersWord, isUnseenWish } from "./wish.ts";

/**
 * At rest no check run of ours may stay open: not those of a worker that died, nor of a commit that was overtaken.
 * `known`: deliveries that were read before this look, so the branch went on from what they tell. False: some were left
 * for another look, since the environment has moved on, or may have.
 */
export async function closeOpenChecks(
  work: Work,
  look: Look,
  told: Told,
  known: ReadonlySet<string>,
): Promise<boolean> {
  const { journal, head } = look.observation;
  const attempt = journal.state === "written" ? journal.attempt : undefined;
  const board = boardOf(work);
  const named = commitsOf(look, attempt);
  // What the refs name was there before this look, though the branch was taken back from it and nobody told.
  const unknown = told.pushes.filter(({ delivery }) => !known.has(delivery));
  const later = new Set([...laterHeads(unknown, head)].filter((commit) => !named.has(commit)));
  const commits = [...new Set([...named, ...told.commits])].filter((commit) => !later.has(commit));
  let isAllClosed = later.size === 0;
  for (const commit of commits) isAllClosed = (await closeOn(commit, work, look, told)) && isAllClosed;
  if (attempt?.failure) {
    await closeDeployment(board, attempt, stopOf(attempt) ? "inactive" : "failure", attempt.failure.message);
  }
  // One that rests unfinished was stopped; whoever goes on makes another.
  if (attempt?.result === "open") await closeDeployment(board, attempt, "inactive", "Stopped");
  if (attempt) await closeSuperseded(work, attempt.supersedes, "a newer attempt");
  for (const object of told.taken) await closeSuperseded(work, object, "a newer attempt");
  if (isAllClosed) await told.remember(head);
  return isAllClosed;
}

/** False: something was left there for the next look. */
async function closeOn(commit: ObjectId, work: Work, look: Look, { pushes }: Told): Promise<boolean> {
  const { journal, head, last } = look.observation;
  const attempt = journal.state === "written" ? journal.attempt : undefined;
  const board = boardOf(work);
  const runs = await listCheckRuns(board.repository, board.appId, commit);
  const own = runs.filter(({ name }) => isOurs(name, work));
  let isAllSeenTo = true;
  for (const run of own.filter((one) => isOpen(one) && !isUnseenWish(one, look))) {
    if (isOthersWord(run, look) && !(await isUnchanged(work, look))) {
      isAllSeenTo = false;
      continue;
    }
    const place = { name: run.name, commit, externalId: run.externalId };
    await updateReport(board, run.id, place, closingWords(look, attempt, run));
  }
  const pushed = pushes.some(({ after }) => after === commit);
  const overtaken = pushed && commit !== head && commit !== last?.record.commit;
  if (overtaken && own.length === 0 && head !== undefined) await markOvertaken(work, commit, head);
  return isAllSeenTo;
}

/** A word is out of date only if that attempt is still in the journal, and that head on the branch, that were seen. */
async function isUnchanged({ session }: Work, { book: { refs } }: Look): Promise<boolean> {
  const { head, attempt } = await readEnvironmentRefs(session.git, session.environment, []);
  return attempt === refs.attempt && head === refs.head;
}

function isOurs(name: string, { session }: Work): boolean {
  const { name: environment } = session.environment;
  return name === branchCheckName(environment) || name === requestCheckName(environment);
}

function commitsOf({ observation }: Look, attempt: Attempt | undefined): ReadonlySet<ObjectId> {
  const { head, last, current } = observation;
  const named = [
    head,
    last?.record.commit,
    last?.record.branchHead,
    attempt?.commit,
    attempt?.head,
    current?.commit,
  ];
  return new Set(named.filter((commit) => commit !== undefined));
}

async function markOvertaken(work: Work, commit: ObjectId, head: ObjectId): Promise<void> {
  const place = headPlace(work.session.environment.name, commit, `overtaken-by:${head}`);
  await showReport(boardOf(work), place, successorReport(head));
}

/** What an open check run should have ended with. */
function closingWords(look: Look, attempt: Attempt | undefined, run: CheckRun): Report {
  const { environment, last, head, rerun } = look.observation;
  const asked = parseRerunId(run.externalId);
  if (asked && rerun?.allowed === false) return clickRefusedReport(environment.name, "rerun", asked.by);
  const word = parseGoAheadId(run.externalId);
  if (word) return wordsOn(word, look);
  const ended = attempt && placeOf(attempt).externalId === run.externalId && endedReport(attempt, last);
  if (ended) return ended;
  if (last && isAbout(run, last.record)) return deployedReport(last.record);
  return successorReport(head ?? run.commit);
}

/** A word that let nothing go on: of somebody who may not, or about what waits no more. */
function wordsOn({ by, owner }: GoAheadId, { observation }: Look): Report {
  const { environment, head, journal, goAhead } = observation;
  const waiting = waitingAttempt(head, journal);
  const offer = waiting?.owner === owner ? goOnOffer(waiting) : undefined;
  if (!offer || goAhead?.allowed !== false) return staleClickReport();
  return clickRefusedReport(environment.name, offer, by);
}

const successorReport = (head: ObjectId): Report =>
  supersededReport(`the branch head ${code(shortId(head))}`);
