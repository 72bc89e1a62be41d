import type { Deploy } from "../../promotion/decide.ts";
import type { Look } from "../observe/observe.ts";

/**
 * The sealed bytes to apply again: those of the newest record of the commit. A promotion synthesizes anew: its
 * policy may have changed since.
 */
export async function findBundle(look: Look, decision: Deploy): Promise<string | undefined> {
  if (decision.kind === "promotion") return undefined;
  const { last } = look.observation;
  if (last?.record.commit === decision.commit) return last.record.bundle;
  return (await look.records()).find(({ record }) => record.commit === decision.commit)?.record.bundle;
}
