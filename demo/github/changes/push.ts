import type { RefChange, Refs } from "../git/refs.ts";

/** All branches and tags before and after, and what differs. */
export interface Push {
  readonly before: Refs;
  readonly after: Refs;
  readonly changes: readonly RefChange[];
}
