import type { Deploy } from "../../promotion/decide.ts";
import type { Look } from "../observe/observe.ts";
import { readAllRecords } from "../observe/record-book.ts";
import type { Work } from "../services.ts";

/**
 * The sealed bytes to apply again: those of the newest record of the commit. A promotion synthesizes anew: its
 * policy may have changed since.
 */
export async function findBundle(work: Work, look: Look, decision: Deploy): Promise<string | undefined> {
  if (decision.kind === "promotion") return undefined;
  const { last } = look.observation;
  if (last?.record.commit === decision.commit) return last.record.bundle;
  const owner = { repository: work.session.target.repositoryId, environment: work.session.environment.name };
  const records = await readAllRecords(work.session.git, work.session.environment, owner);
  return records.find(({ record }) => record.commit === decision.commit)?.record.bundle;
}
