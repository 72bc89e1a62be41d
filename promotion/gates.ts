import type { ObjectId } from "./object-id.ts";

/** What git says about a branch head and the environment it must have passed first. */
export interface AfterFacts {
  /** The environment that comes first. */
  readonly environment: string;
  /** What that environment has deployed; undefined: nothing yet. */
  readonly deployed: ObjectId | undefined;
  /** New commits of the head, merges apart, that the first environment has not deployed. */
  readonly missing: readonly ObjectId[];
  /** New merge commits whose tree is not simply the merge of their parents. */
  readonly uncleanMerges: readonly ObjectId[];
  /** The head's tree is the tree of a commit that the first environment deployed (squash merges). */
  readonly sameTree: boolean;
}

export type GateResult =
  | { readonly passes: true }
  | {
      readonly passes: false;
      readonly gate: "after";
      readonly environment: string;
      readonly reason: "nothing-deployed" | "missing-commits" | "unclean-merges";
      readonly commits: readonly ObjectId[];
    };

/** Has everything new in the head been deployed to the environment that comes first? Undefined: none does. */
export function afterGate(facts: AfterFacts | undefined): GateResult {
  if (facts === undefined || facts.sameTree) return { passes: true };
  const held = (
    reason: "nothing-deployed" | "missing-commits" | "unclean-merges",
    commits: readonly ObjectId[],
  ) => ({ passes: false, gate: "after", environment: facts.environment, reason, commits }) as const;
  if (facts.deployed === undefined) return held("nothing-deployed", []);
  if (facts.missing.length > 0) return held("missing-commits", facts.missing);
  if (facts.uncleanMerges.length > 0) return held("unclean-merges", facts.uncleanMerges);
  return { passes: true };
}
