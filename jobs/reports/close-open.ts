import { type CheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { branchCheckName, parseRerunId, requestCheckName } from "../../promotion/check-name.ts";
import { type ObjectId, shortId } from "../../promotion/object-id.ts";
import { code } from "../../promotion/report/markdown.ts";
import {
  deployedReport,
  failedAttemptReport,
  rerunRefusedReport,
  supersededReport,
} from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import type { Look } from "../observe/observe.ts";
import { boardOf, type Work } from "../services.ts";
import { isOpen, showReport, updateReport } from "./check.ts";
import { closeDeployment } from "./deployment.ts";
import { laterHeads } from "./later-heads.ts";
import { headPlace, isAbout, placeOf } from "./place.ts";
import { closeSuperseded } from "./superseded.ts";
import type { Told } from "./told.ts";
import { isUnseenWish } from "./wish.ts";

/** At rest no check run of ours may stay open: not those of a worker that died, nor of a commit that was overtaken. */
export async function closeOpenChecks(work: Work, look: Look, told: Told): Promise<void> {
  const { journal, head } = look.observation;
  const attempt = journal.state === "written" ? journal.attempt : undefined;
  const board = boardOf(work);
  const named = commitsOf(look, attempt);
  // What the refs name was there before this look, though the branch was taken back from it and nobody told.
  const later = new Set([...laterHeads(told.pushes, head)].filter((commit) => !named.has(commit)));
  const commits = [...new Set([...named, ...told.commits])].filter((commit) => !later.has(commit));
  for (const commit of commits) await closeOn(commit, work, look, told);
  if (attempt?.failure) await closeDeployment(board, attempt, "failure", attempt.failure.message);
  // One that rests unfinished was stopped; whoever goes on makes another.
  if (attempt?.result === "open") await closeDeployment(board, attempt, "inactive", "Stopped");
  if (attempt) await closeSuperseded(work, attempt.supersedes, "a newer attempt");
  for (const object of told.taken) await closeSuperseded(work, object, "a newer attempt");
  await told.remember(({ after }) => after === head || later.has(after));
}

async function closeOn(commit: ObjectId, work: Work, look: Look, { pushes }: Told): Promise<void> {
  const { journal, head, last } = look.observation;
  const attempt = journal.state === "written" ? journal.attempt : undefined;
  const board = boardOf(work);
  const runs = await listCheckRuns(board.repository, board.appId, commit);
  const own = runs.filter(({ name }) => isOurs(name, work));
  for (const run of own.filter((one) => isOpen(one) && !isUnseenWish(one, look))) {
    const place = { name: run.name, commit, externalId: run.externalId };
    await updateReport(board, run.id, place, closingWords(look, attempt, run));
  }
  const pushed = pushes.some(({ after }) => after === commit);
  const overtaken = pushed && commit !== head && commit !== last?.record.commit;
  if (overtaken && own.length === 0 && head !== undefined) await markOvertaken(work, commit, head);
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
  const { environment, last, head } = look.observation;
  const asked = parseRerunId(run.externalId);
  if (asked && look.observation.rerun?.allowed === false)
    return rerunRefusedReport(environment.name, asked.by);
  if (attempt?.failure && placeOf(attempt).externalId === run.externalId) {
    return failedAttemptReport(attempt, attempt.failure, last);
  }
  if (last && isAbout(run, last.record)) return deployedReport(last.record);
  return successorReport(head ?? run.commit);
}

const successorReport = (head: ObjectId): Report =>
  supersededReport(`the branch head ${code(shortId(head))}`);
