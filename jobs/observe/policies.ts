import type { Repository } from "../../adapters/git/repository.ts";
import type { PolicyReadings } from "../../promotion/decide.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import { type PolicyReading, policyPath, readPolicy } from "../../promotion/policy.ts";

/** The policy at the branch head, and at the branch head of the latest record (the same, when there is none). */
export async function readPolicies(
  repository: Pick<Repository, "readFile">,
  environment: string,
  head: ObjectId,
  lastHead: ObjectId | undefined,
): Promise<PolicyReadings> {
  const at = async (commit: ObjectId): Promise<PolicyReading> =>
    readPolicy(await repository.readFile(commit, policyPath), environment);
  const reading = at(head);
  const earlier = lastHead === undefined || lastHead === head ? reading : at(lastHead);
  const [atHead, atLast] = await Promise.all([reading, earlier]);
  return { atHead, atLast };
}
