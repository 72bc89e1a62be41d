import type { Failure } from "./failure.ts";

/** What the policy says about trying again. */
export interface RetryPolicy {
  /** How often something is tried that fails for a passing reason, the first time included. */
  readonly maxAttempts: number;
  /** By how much each pause is longer than the one before. */
  readonly backoffMultiplier: number;
}

/** No pause is longer, in milliseconds. */
const longestPause = 5 * 60_000;

/** As much of a failure as says whether another try may help. */
export type Setback = Pick<Failure, "class" | "code">;

/**
 * How long to wait before a stack is planned, fenced and applied once more, in milliseconds; undefined: that would not
 * help. `earlier`: what it failed by before. What passes is tried again later and later; a conflict is planned anew
 * once, since the new plan sees what changed; so is what was cut off, since the new plan sees how far it came; and a new
 * process gets new credentials, once. Terraform itself has waited for a lock as long as the policy says.
 */
export function retryAfter(
  failure: Setback,
  earlier: readonly Setback[],
  { maxAttempts, backoffMultiplier }: RetryPolicy,
  firstPause: number,
): number | undefined {
  if (areProvidersLost(failure)) return undefined;
  const alike = earlier.filter((one) => one.class === failure.class);
  if (failure.class === "transient") {
    const pause = Math.min(firstPause * backoffMultiplier ** alike.length, longestPause);
    return alike.length + 1 < maxAttempts ? pause : undefined;
  }
  if (isCutOff(failure)) return alike.some(isCutOff) ? undefined : 0;
  const isOnce = failure.class === "conflict" || failure.class === "credentials";
  return isOnce && alike.length === 0 ? 0 : undefined;
}

/** Terraform was killed, or is gone without a word: what it has done, only a new plan can tell. */
function isCutOff({ code }: Pick<Failure, "code">): boolean {
  return code === "terraform-killed" || code === "terraform-lost";
}

/**
 * Whether only a deployment from its beginning helps, which then comes at once: somebody changed the state after it was
 * planned, or took away what `init` had made.
 */
export function isOvertaken(failure: Pick<Failure, "code">): boolean {
  return failure.code === "plan-stale" || areProvidersLost(failure);
}

function areProvidersLost({ code }: Pick<Failure, "code">): boolean {
  return code === "providers-lost";
}
