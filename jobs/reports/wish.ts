import type { CheckRun } from "../../adapters/github/check-runs.ts";
import { parseRerunId } from "../../promotion/check-name.ts";
import { waitingAttempt } from "../../promotion/go-ahead.ts";
import type { Click } from "../../promotion/observation.ts";
import type { Look } from "../observe/observe.ts";
import { isWish, wordIn } from "./check.ts";

/** Something was asked for after the look began: the next one, which that has woken, takes it up. */
export function isUnseenWish(run: CheckRun, look: Look): boolean {
  const { head, rerun, goAhead } = look.observation;
  if (!isWish(run)) return false;
  const word = wordIn(run);
  if (word) return isOwnWord(run, look) && !wasHeard(goAhead, word.delivery);
  return run.commit === head && !wasHeard(rerun, parseRerunId(run.externalId)?.delivery);
}

function wasHeard(click: Click | undefined, delivery: string | undefined): boolean {
  return click?.heard?.some((heard) => heard === delivery) ?? false;
}

/** A word about another attempt than the one that waited during the look: perhaps a later one. */
export function isOthersWord(run: CheckRun, look: Look): boolean {
  return wordIn(run) !== undefined && !isOwnWord(run, look);
}

function isOwnWord(run: CheckRun, { observation: { head, journal } }: Look): boolean {
  const waiting = waitingAttempt(head, journal);
  return waiting !== undefined && wordIn(run)?.owner === waiting.owner;
}
