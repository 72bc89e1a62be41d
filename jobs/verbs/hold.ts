import { listCheckRuns } from "../../adapters/github/check-runs.ts";
import { requestCheckName } from "../../promotion/check-name.ts";
import type { HoldReason } from "../../promotion/decide.ts";
import { heldReport } from "../../promotion/report/held.ts";
import type { Look } from "../observe/observe.ts";
import { type CheckPlace, isOpen, isWish, showReport } from "../reports/check.ts";
import { headPlace } from "../reports/place.ts";
import { isUnseenWish } from "../reports/wish.ts";
import { boardOf, type Work } from "../services.ts";

/** How soon to look for the author of a move again, in milliseconds. */
const lookAgain = 3000;

/** Says, once and where people look, why nothing happens; a look that finds the same says nothing again. */
export async function hold(work: Work, look: Look, reason: HoldReason): Promise<void> {
  const { session, services } = work;
  work.log.info({ hold: reason }, "held");
  if (reason.reason === "author-unknown") return await services.queues.wakeLater(session.target, lookAgain);
  const place = placeFor(look, reason);
  // Whoever asked for a re-run and may not is told so by that very check run, as soon as the look is over.
  if (!place || look.observation.rerun?.allowed === false) return;
  const isNews = services.memory.isNews(session, JSON.stringify([place, reason]));
  if (!isNews && !work.deep) return;
  await showHold(work, look, place, reason);
}

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

/** An ended failure already says more than "it failed before" could. */
async function showHold(work: Work, look: Look, place: CheckPlace, reason: HoldReason): Promise<void> {
  const board = boardOf(work);
  const report = heldReport(work.session.environment.name, reason);
  if (reason.reason === "failed-before" || reason.reason === "may-differ") {
    const runs = await listCheckRuns(board.repository, board.appId, place.commit, place.name);
    const newest = runs.find((run) => !isWish(run));
    if (newest && !isOpen(newest) && newest.conclusion === "failure") return;
  }
  await showReport(board, place, report, (run) => isUnseenWish(run, look));
}
