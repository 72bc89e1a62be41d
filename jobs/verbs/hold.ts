import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import type { Attempt } from "../../promotion/attempt.ts";
import { requestCheckName } from "../../promotion/check-name.ts";
import type { HoldReason } from "../../promotion/decide.ts";
import { waitingAttempt } from "../../promotion/go-ahead.ts";
import { heldReport } from "../../promotion/report/held.ts";
import { endedReport } from "../../promotion/report/outcome.ts";
import type { Report } from "../../promotion/report/report.ts";
import { goOnOffer } from "../../promotion/report/stopped.ts";
import type { Look } from "../observe/observe.ts";
import { type CheckPlace, isOpen, isWish, showReport } from "../reports/check.ts";
import { headPlace, placeOf } from "../reports/place.ts";
import { isOthersWord, isUnseenWish } from "../reports/wish.ts";
import { boardOf, type Turn, type Work } from "../services.ts";

/** How soon to look for the author of a move again, in milliseconds. */
const lookAgain = 3000;

/** Something to say, and where. */
interface Note {
  readonly place: CheckPlace;
  readonly report: Report;
  /** An ended failure says more than this, and stays. */
  readonly yields?: boolean;
}

/** Says, once and where people look, why nothing happens; a look that finds the same says nothing again. */
export async function hold(work: Work, look: Look, reason: HoldReason): Promise<Turn> {
  const { session, services } = work;
  work.log.info({ hold: reason }, "held");
  if (reason.reason === "author-unknown") {
    await services.queues.wakeLater(session.target, lookAgain);
    // Before anything else is done about what people asked for, it must be known what this one asks.
    return "leave";
  }
  const { rerun, goAhead } = look.observation;
  // Whoever asked for something and may not is told so by that very check run, as soon as the look is over.
  if (rerun?.allowed === false || goAhead?.allowed === false) return "rest";
  const notes = notesOn(look, reason);
  const isNews = services.memory.isNews(session, JSON.stringify(notes));
  if (isNews || work.deep) for (const note of notes) await show(work, look, note);
  return "rest";
}

function notesOn(look: Look, reason: HoldReason): readonly Note[] {
  const { environment, head, journal, goAhead } = look.observation;
  if (reason.reason === "stopped") return stopNotes(look, reason.attempt);
  const place = placeFor(look, reason);
  const report = heldReport(environment.name, reason);
  const yields = reason.reason === "failed-before" || reason.reason === "may-differ";
  const notes = place ? [{ place, report, yields }] : [];
  const waiting = goAhead?.allowed ? waitingAttempt(head, journal) : undefined;
  return waiting ? withWaiting(notes, waiting, report) : notes;
}

/** Where the attempt reports; and on a branch head that waits for it, if that is elsewhere. */
function stopNotes({ observation }: Look, attempt: Attempt): readonly Note[] {
  const { environment, head, last } = observation;
  const place = placeOf(attempt);
  const report = endedReport(attempt, last);
  const own = report ? [{ place, report }] : [];
  if (head === undefined || head === last?.record.branchHead) return own;
  const about = headPlace(environment.name, head, `held:stopped:${attempt.owner}`);
  if (isSameCheck(about, place)) return own;
  const waits = heldReport(environment.name, { reason: "stopped", attempt });
  return [...own, { place: about, report: waits, yields: true }];
}

/** Who let an attempt go on that can't go on now is told where they said so, and can say it again. */
function withWaiting(notes: readonly Note[], waiting: Attempt, report: Report): readonly Note[] {
  const place = placeOf(waiting);
  const offer = goOnOffer(waiting);
  const own = { place, report: { ...report, offers: offer ? [offer] : [] } };
  return [...notes.filter((note) => !isSameCheck(note.place, place)), own];
}

const isSameCheck = (one: CheckPlace, other: CheckPlace): boolean =>
  one.name === other.name && one.commit === other.commit;

/** A frozen request is told on the commit it asks for; everything else on the branch head. */
function placeFor({ observation }: Look, { reason }: HoldReason): CheckPlace | undefined {
  const { environment, head, current, last } = observation;
  const about = `held:${reason}`;
  const requested = current !== undefined && current.object !== last?.object ? current.commit : undefined;
  if (reason === "frozen" && requested !== undefined) {
    return { name: requestCheckName(environment.name), commit: requested, externalId: about };
  }
  return head === undefined ? undefined : headPlace(environment.name, head, about);
}

async function show(work: Work, look: Look, { place, report, yields }: Note): Promise<void> {
  const board = boardOf(work);
  if (yields) {
    const runs = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
    const newest = runs.find((run) => !isWish(run));
    if (newest && !isOpen(newest) && newest.conclusion === "failure") return;
  }
  await showReport(board, place, report, (run) => isUnseenWish(run, look) || isOthersWord(run, look));
}
