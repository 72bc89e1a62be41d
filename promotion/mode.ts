/** How far a deployment goes: all the way, up to what deletes or replaces, up to the check of the files, or to the plan. */
export const modes = ["complete", "incremental", "validate", "whatif"] as const;
export type Mode = (typeof modes)[number];

/** What one attempt is asked for, where that is not what the policy says. Journaled with it. */
export interface RunOptions {
  /** Undefined: the policy's. */
  readonly mode?: Mode | undefined;
  /** Trust no cache. */
  readonly force?: boolean | undefined;
  /** Digests of the plans that delete or replace something and may do so. */
  readonly approved?: readonly string[] | undefined;
  /** Only the stacks of kind `provision`; undefined: all. */
  readonly scope?: "provision" | undefined;
}
