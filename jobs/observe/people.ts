import { mayMaintain } from "../../adapters/github/permissions.ts";
import type { GitHubRepository } from "../../adapters/github/repository.ts";
import { effectivePolicy, type PolicyReadings } from "../../promotion/decide.ts";
import type { Click } from "../../promotion/observation.ts";

/** The newest click of somebody who may or, where nobody of them may, the newest at all. */
export async function judgeClicks<T extends { readonly by: string; readonly delivery: string }>(
  repository: GitHubRepository,
  policies: PolicyReadings,
  clicks: readonly T[],
): Promise<(T & Click) | undefined> {
  const heard = clicks.map(({ delivery }) => delivery);
  const newest = clicks.filter(({ by }, index) => clicks.findIndex((click) => click.by === by) === index);
  for (const click of newest) {
    if (await mayAct(repository, policies, click.by)) return { ...click, allowed: true, heard };
  }
  return clicks[0] && { ...clicks[0], allowed: false, heard };
}

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
