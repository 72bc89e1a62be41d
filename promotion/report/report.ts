/** How a check run ends, or that it goes on. */
export type Ending = "success" | "failure" | "neutral" | "skipped" | "action_required";

/** What a check run says: plain data, Markdown in the summary. */
export interface Report {
  /** Undefined: still in progress. */
  readonly ending: Ending | undefined;
  /** One line. */
  readonly title: string;
  readonly summary: string;
  /** The buttons it offers once it has ended. */
  readonly offers?: readonly Offer[];
}

/** To deploy once more, the same without caches, or to let go on what waits for somebody's word. */
export type Offer = "retry" | "force" | "approve" | "resume";

/** What can be asked for on a branch head that was not deployed. */
export const again: readonly Offer[] = ["retry", "force"];
