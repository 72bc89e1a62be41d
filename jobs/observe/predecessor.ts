import type { Repository } from "../../adapters/git/repository.ts";
import type { Environment } from "../../promotion/environment.ts";
import type { Owner } from "./authentic.ts";
import type { Predecessor } from "./head-facts.ts";
import { readAllRecords, readRecordBook } from "./record-book.ts";

/** A tree that was deployed longer ago than this many deployments must pass again. */
const remembered = 200;

/** What the refs of the environment that comes first say. */
export async function readPredecessorBook(
  repository: Repository,
  environment: Environment,
  owner: Owner,
  newest: number | undefined,
): Promise<Predecessor> {
  const { last } = await readRecordBook(repository, environment, owner, newest);
  return {
    name: environment.name,
    last,
    deployed: async () => {
      const records = await readAllRecords(repository, owner);
      return records.slice(0, remembered).map(({ record }) => record.commit);
    },
  };
}
