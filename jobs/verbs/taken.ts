import { looksOnly } from "../../promotion/mode.ts";
import { disturb } from "../attempt/steps.ts";
import type { Look } from "../observe/observe.ts";
import { readAttempt } from "../reports/superseded.ts";
import type { Told } from "../reports/told.ts";
import type { Work } from "../services.ts";

/**
 * Somebody overwrote an open or failed attempt so that the journal looks settled, and its worker is not there to say
 * so: what it applied is no more what the record says. Writes that down, and tells whether it did.
 */
export async function repairIfTaken(work: Work, { observation }: Look, { taken }: Told): Promise<boolean> {
  const { last, journal } = observation;
  if (last === undefined || journal.state !== "settled") return false;
  for (const object of taken) {
    const attempt = await readAttempt(work, object);
    if (attempt === undefined || attempt.result === "done" || attempt.base !== last.object) continue;
    if (looksOnly(attempt.mode)) continue;
    const push = await disturb(work.session.git, { object, attempt }, last, last.object);
    work.log.warn({ attempt: attempt.owner, push }, "an unfinished attempt was taken out of the journal");
    return push.moved;
  }
  return false;
}
