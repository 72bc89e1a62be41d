/** How a check run ends, or that it goes on. */
export type Ending = "success" | "failure" | "neutral" | "skipped" | "action_required";

/** What a check run says: plain data, Markdown in the summary. */
export interface Report {
  /** Undefined: still in progress. */
  readonly ending: Ending | undefined;
  /** One line. */
  readonly title: string;
  readonly summary: string;
  /** Offers a button that asks for a re-run. */
  readonly canRetry?: boolean;
}
