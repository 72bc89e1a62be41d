import type { Attempt } from "./attempt.ts";

/**
 * Why an attempt ended before it deployed everything although nothing failed: as it was asked to (`validated`,
 * `planned`), or since somebody has to decide (`approval-needed`, `end-unknown`). The journal keeps it where a failure
 * would be, so that the same is not tried again until somebody asks or the branch moves.
 */
export const stopCodes = ["validated", "planned", "approval-needed", "end-unknown"] as const;

export interface Stop {
  readonly code: (typeof stopCodes)[number];
  readonly message: string;
  /** What the reader should do now, as one sentence. */
  readonly next: string;
  /** Digests of the plans that wait for an approval. */
  readonly waits?: readonly string[] | undefined;
}

/** So many digests the journal holds at most. */
export const mostWaits = 100;

/** Whether an attempt stopped, rather than failed. */
export function hasStopped({ failure }: Pick<Attempt, "failure">): boolean {
  return stopCodes.some((code) => code === failure?.code);
}
