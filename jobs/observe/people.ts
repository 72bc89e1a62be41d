import { mayMaintain } from "../../adapters/github/permissions.ts";
import type { GitHubRepository } from "../../adapters/github/repository.ts";
import { effectivePolicy, type PolicyReadings } from "../../promotion/decide.ts";

/** May this person move `current` and re-run? A maintainer now, or named in the policy in force. */
export async function mayAct(
  repository: GitHubRepository,
  policies: PolicyReadings,
  login: string,
): Promise<boolean> {
  const reading = effectivePolicy(policies);
  const named =
    reading.ok && reading.policy.people.some((name) => name.toLowerCase() === login.toLowerCase());
  return named || (await mayMaintain(repository, login));
}
