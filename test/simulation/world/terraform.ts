/** One stack's state: what is applied, and how often it changed. */
export interface StackState {
  readonly name: string;
  /** The commit that was applied; with a `~` behind it when only half of it was. */
  content: string | undefined;
  /** Moves with every apply, and makes plans that were made before it stale. */
  serial: number;
  /** The apply that holds the state lock. */
  applying: Apply | undefined;
}

/** A running apply. It goes on when its worker dies. */
export interface Apply {
  readonly environment: string;
  readonly stack: string;
  readonly commit: string;
  /** The owner of the attempt that it belongs to. */
  readonly attempt: string;
  /** Its worker is gone. */
  isOrphan(): boolean;
}

export type ApplyEnd = "well" | "half-way";

/** The states of one environment's stacks, in the order in which they depend on each other. */
export type States = readonly StackState[];

export const stackNames = ["base", "app"] as const;

export function createStates(): States {
  return stackNames.map((name) => ({ name, content: undefined, serial: 0, applying: undefined }));
}

/** Takes the state lock; false: the saved plan is stale. */
export function startApply(state: StackState, apply: Apply, plannedSerial: number): boolean {
  if (state.serial !== plannedSerial) return false;
  state.applying = apply;
  return true;
}

/** Saves the state and unlocks it. */
export function endApply(state: StackState, { commit }: Apply, end: ApplyEnd, serialStays: boolean): void {
  const content = end === "well" ? commit : `${commit}~`;
  if (!serialStays || state.content !== content) state.serial += 1;
  state.content = content;
  state.applying = undefined;
}
