import { requestCheckName, requestId } from "../../promotion/check-name.ts";
import type { Decision } from "../../promotion/decide.ts";
import { refusedReport } from "../../promotion/report/refused.ts";
import { answerCommit } from "../../promotion/request.ts";
import { putBack, restore } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { showReport } from "../reports/check.ts";
import { boardOf, type Work } from "../services.ts";
import { refusePush } from "./refused-push.ts";

/** `current` goes back to the latest record; first it is said why, so that an event is never answered twice. */
export async function restoreCurrent(
  work: Work,
  look: Look,
  decision: Extract<Decision, { do: "restore" }>,
): Promise<void> {
  const { refusal } = decision;
  if (refusal) await explain(work, look, refusal);
  const { last, environment, current } = look.observation;
  // Whoever puts the same object there again has as much time to be known as the first one had.
  if (current) await work.services.queues.forgetSeen(work.session.target, current.object);
  const push = await restore(work.session.git, environment.name, look.book.refs.current, last?.object);
  work.log.info({ refusal, push }, "current restored");
  await refusePush(work, look, push);
}

/** On the commit that was asked for; on the branch head where there is no such commit. */
async function explain(
  work: Work,
  { observation }: Look,
  refusal: NonNullable<Extract<Decision, { do: "restore" }>["refusal"]>,
): Promise<void> {
  const { environment, current, head, last } = observation;
  if (head === undefined) return;
  const commit = answerCommit(current?.commit, last?.record.commit, head);
  const about = refusal.event === undefined ? `unknown:${current?.object}` : requestId(refusal.event);
  const place = { name: requestCheckName(environment.name), commit, externalId: about };
  await showReport(boardOf(work), place, refusedReport(environment.name, refusal, last));
}

/** The tag of the latest record holds it again. */
export async function putRecordBack(
  work: Work,
  look: Look,
  decision: Extract<Decision, { do: "put-back" }>,
): Promise<void> {
  const { ref, last } = decision;
  const push = await putBack(work.session.git, ref, look.observation.displaced?.holds, last.object);
  work.log.warn({ ref, push }, "a record's tag was put back");
  await refusePush(work, look, push);
}
