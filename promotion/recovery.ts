import type { Failure, FailureClass } from "./failure.ts";

/** What the policy says about trying again. */
export interface RetryPolicy {
  /** How often something is tried that fails for a passing reason, the first time included. */
  readonly maxAttempts: number;
  /** By how much each pause is longer than the one before. */
  readonly backoffMultiplier: number;
}

/** No pause is longer, in milliseconds. */
const longestPause = 5 * 60_000;

/**
 * How long to wait before a stack is planned, fenced and applied once more, in milliseconds; undefined: that would not
 * help. `earlier`: what it failed by before. What passes is tried again later and later; a conflict is planned anew
 * once, since the new plan sees what changed; and a new process gets new credentials, once. Terraform itself has waited
 * for a lock as long as the policy says.
 */
export function retryAfter(
  failure: FailureClass,
  earlier: readonly FailureClass[],
  { maxAttempts, backoffMultiplier }: RetryPolicy,
  firstPause: number,
): number | undefined {
  if (failure === "conflict" || failure === "credentials") return earlier.includes(failure) ? undefined : 0;
  if (failure !== "transient") return undefined;
  const passed = earlier.filter((one) => one === "transient").length;
  if (passed + 1 >= maxAttempts) return undefined;
  return Math.min(firstPause * backoffMultiplier ** passed, longestPause);
}

/** Somebody changed the state after it was planned. */
export function isStale({ code }: Pick<Failure, "code">): boolean {
  return code === "plan-stale";
}
