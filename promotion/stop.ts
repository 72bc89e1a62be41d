import type { Attempt } from "./attempt.ts";

/**
 * Why an attempt ended before it deployed everything although nothing failed: as it was asked to (`validated`,
 * `planned`), or since somebody has to decide (`approval-needed`, `end-unknown`). The journal keeps it where a failure
 * would be, so that the same is not tried again until somebody asks or the branch moves.
 */
export const stopCodes = ["validated", "planned", "approval-needed", "end-unknown"] as const;

export interface Stop {
  readonly code: (typeof stopCodes)[number];
  /** Markdown, with what comes from outside as code; short enough for a tag. */
  readonly message: string;
  /** What the reader should do now, as one sentence. */
  readonly next: string;
  /** Digests of the plans that wait for an approval. */
  readonly waits?: readonly string[] | undefined;
}

/** So many digests the journal holds at most. */
export const mostWaits = 100;

/** What an attempt stopped for, rather than failed; undefined: it did not. */
export function stopOf({ failure, waits }: Pick<Attempt, "failure" | "waits">): Stop | undefined {
  const code = stopCodes.find((one) => one === failure?.code);
  return failure && code && { ...failure, code, waits };
}

/** Goes on only by the word of somebody who may: a button offers that. */
export function asksSomebody({ code }: Pick<Stop, "code">): boolean {
  return code === "approval-needed" || code === "end-unknown";
}
