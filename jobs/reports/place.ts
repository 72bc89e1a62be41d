import { type Attempt, isAnswer } from "../../promotion/attempt.ts";
import { branchCheckName, parseRequestId, requestCheckName, requestId } from "../../promotion/check-name.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { DeploymentRecord } from "../../promotion/record.ts";
import type { CheckPlace } from "./check.ts";

/** Where an attempt reports: an answer to a moved tag on the commit it was moved to, all else on its commit. */
export function placeOf(
  attempt: Pick<Attempt, "environment" | "kind" | "commit" | "event" | "owner">,
): CheckPlace {
  const { environment, commit, event, owner } = attempt;
  if (isAnswer(attempt) && event !== undefined) {
    return { name: requestCheckName(environment), commit, externalId: requestId(event, owner) };
  }
  return { name: branchCheckName(environment), commit, externalId: owner };
}

/** The check run is where this deployment reports. Of two requests for one commit each has an answer of its own. */
export function isAbout(run: CheckPlace, record: DeploymentRecord): boolean {
  const { name, commit } = placeOf({ ...record, owner: "" });
  const isThere = run.name === name && run.commit === commit;
  return isThere && (!isAnswer(record) || parseRequestId(run.externalId) === record.event);
}

/** Where the branch head is told why it is not deployed. */
export function headPlace(environment: string, head: ObjectId, about: string): CheckPlace {
  return { name: branchCheckName(environment), commit: head, externalId: about };
}
