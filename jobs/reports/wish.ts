import type { CheckRun } from "../../adapters/github/check-runs.ts";
import type { Look } from "../observe/observe.ts";
import { isWish } from "./check.ts";

/** A re-run of the head that was asked for after the look began: the next one, which that has woken, takes it up. */
export function isUnseenWish(run: CheckRun, { observation }: Look): boolean {
  return isWish(run) && run.commit === observation.head && observation.rerun === undefined;
}
