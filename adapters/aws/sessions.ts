import { assumeRole } from "./assume-role.ts";
import type { AwsKeys } from "./keys.ts";
import { assertOutlives, outlives } from "./lifetime.ts";
import type { Phase, SessionOwner } from "./session-request.ts";

/** The sessions of one deployment: one for each phase, and a new one whenever the last would not live long enough. */
export interface DeploymentSessions {
  /**
   * Keys that outlive a step of this many seconds.
   * Errors (service): `role-refused`, `sts-unreachable`, `session-too-short`.
   */
  keysFor(phase: Phase, step: number): Promise<AwsKeys>;
  /** All steps get new keys from now on: AWS refused some of these. */
  renew(): void;
}

/** `now`: milliseconds. */
export function deploymentSessions(
  owner: SessionOwner,
  take: typeof assumeRole = assumeRole,
  now: () => number = Date.now,
): DeploymentSessions {
  const taken = new Map<Phase, Promise<AwsKeys>>();
  const outlive = async (keys: Promise<AwsKeys>, step: number): Promise<boolean> =>
    await keys.then(
      ({ expiresAt }) => outlives(expiresAt, step, now()),
      () => false,
    );
  return {
    keysFor: async (phase, step) => {
      const known = taken.get(phase);
      if (known !== undefined && (await outlive(known, step))) return await known;
      // Stacks side by side share a session: somebody else may have taken one meanwhile.
      const others = taken.get(phase);
      const fresh = others !== undefined && others !== known ? others : take(owner, phase, step);
      taken.set(phase, fresh);
      const keys = await fresh;
      assertOutlives(keys.expiresAt, step, now());
      return keys;
    },
    renew: () => taken.clear(),
  };
}
