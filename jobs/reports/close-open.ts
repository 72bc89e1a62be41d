import { type CheckRun, listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { branchCheckName, parseRerunId, requestCheckName } from "../../promotion/check-name.ts";
import { isZeroId, type ObjectId, shortId } from "../../promotion/object-id.ts";
import { branchRef } from "../../promotion/ref.ts";
import { code } from "../../promotion/report/markdown.ts";
import { failedAttemptReport, rerunRefusedReport, supersededReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import type { Look } from "../observe/observe.ts";
import type { NotedEvent } from "../queues.ts";
import { boardOf, type Work } from "../services.ts";
import { isOpen, showReport, updateReport } from "./check.ts";
import { closeDeployment } from "./deployment.ts";
import { headPlace, placeOf } from "./place.ts";
import { closeSuperseded } from "./superseded.ts";

/** At rest no check run of ours may stay open: not those of a worker that died, nor of a commit that was overtaken. */
export async function closeOpenChecks(work: Work, look: Look): Promise<void> {
  const { journal, head, last } = look.observation;
  const attempt = journal.state === "written" ? journal.attempt : undefined;
  if (attempt?.result === "open") return;
  const board = boardOf(work);
  const pushes = await newPushes(work);
  const pushed = pushes.map(({ after }) => after);
  for (const commit of commitsOf(look, attempt, pushed)) {
    const runs = await listCheckRuns(board.repository, board.appId, commit);
    const own = runs.filter(({ name }) => isOurs(name, work));
    for (const run of own.filter(isOpen)) {
      const place = { name: run.name, commit, externalId: run.externalId };
      await updateReport(board, run.id, place, closingWords(look, attempt, run));
    }
    const overtaken = pushed.includes(commit) && commit !== head && commit !== last?.record.commit;
    if (overtaken && own.length === 0 && head !== undefined) await markOvertaken(work, commit, head);
  }
  if (attempt?.failure) await closeDeployment(board, attempt, "failure", attempt.failure.message);
  if (attempt) await closeSuperseded(work, attempt, "a newer attempt");
  for (const { after, delivery } of pushes) {
    if (after !== head) work.services.memory.rememberHandled(delivery);
  }
}

function isOurs(name: string, { session }: Work): boolean {
  const { name: environment } = session.environment;
  return name === branchCheckName(environment) || name === requestCheckName(environment);
}

/** Events that named commits as heads of the branch, as far as nobody here has looked at those commits yet. */
async function newPushes({ session, services }: Work): Promise<readonly NotedEvent[]> {
  const { branch } = session.environment;
  if (branch === null) return [];
  const events = await services.queues.events(session.target);
  const pushes = events.filter(({ ref, after }) => ref === branchRef(branch) && !isZeroId(after));
  return pushes.filter(({ delivery }) => !services.memory.wasHandled(delivery));
}

function commitsOf(
  { observation }: Look,
  attempt: Attempt | undefined,
  pushed: readonly ObjectId[],
): readonly ObjectId[] {
  const { head, last, current } = observation;
  const named = [
    head,
    last?.record.commit,
    last?.record.branchHead,
    attempt?.commit,
    attempt?.head,
    current?.commit,
  ];
  return [...new Set([...named, ...pushed].filter((commit) => commit !== undefined))];
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
  return successorReport(head ?? run.commit);
}

const successorReport = (head: ObjectId): Report =>
  supersededReport(`the branch head ${code(shortId(head))}`);
