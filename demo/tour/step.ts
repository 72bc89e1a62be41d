import type { Stage } from "../stage/stage.ts";

/** One step of the tour. `play` throws when anything is not as it should be; it gives what was seen. */
export interface Step {
  readonly name: string;
  play(stage: Stage, memory: Memory): Promise<readonly string[]>;
}

/** What earlier steps leave for later ones. */
export interface Memory {
  /** Merge commits by a name that the tour gives them. */
  readonly commits: Map<string, string>;
  /** Seconds from a merge to its tag, of the deployments that had nothing to install. */
  readonly mergeToTag: number[];
}

/** The check of a step: says what was expected, or why it is not so. */
export function expect(holds: boolean, what: string): string {
  if (!holds) throw new Error(`not so: ${what}`);
  return what;
}

/** A commit that an earlier step left. */
export function recall(memory: Memory, name: string): string {
  const commit = memory.commits.get(name);
  if (commit === undefined) throw new Error(`no step left ${name}`);
  return commit;
}
