/** How far a deployment goes: all the way, up to what deletes or replaces, up to the check of the files, or to the plan. */
export const modes = ["complete", "incremental", "validate", "whatif"] as const;
export type Mode = (typeof modes)[number];

/**
 * Which stacks a deployment that nobody asked for is about: all of kind `provision`, changed or not, or those of them
 * that were postponed.
 */
export const scopes = ["provision", "postponed"] as const;
export type Scope = (typeof scopes)[number];

/** What one attempt is asked for, where that is not what the policy says. Journaled with it. */
export interface RunOptions {
  /** Undefined: the policy's. */
  readonly mode?: Mode | undefined;
  /** Trust no cache. */
  readonly force?: boolean | undefined;
  /** Digests of the plans that delete or replace something and may do so. */
  readonly approved?: readonly string[] | undefined;
  /** Undefined: all stacks. */
  readonly scope?: Scope | undefined;
}

/** From what does most to what does least: a plan reads the state, a check of the files does not even that. */
const byStrictness: readonly Mode[] = ["complete", "incremental", "whatif", "validate"];

/**
 * The mode that holds for one attempt: the stricter of what is asked for and what the policy says. So nobody gets around
 * the approvals of an environment by asking for another mode, and a look can be asked for anywhere.
 */
export function effectiveMode(asked: Mode | undefined, policy: Mode): Mode {
  if (asked === undefined) return policy;
  return byStrictness.indexOf(asked) > byStrictness.indexOf(policy) ? asked : policy;
}

/** Nothing is ever applied in this mode. */
export function looksOnly(mode: Mode | undefined): boolean {
  return mode === "whatif" || mode === "validate";
}
