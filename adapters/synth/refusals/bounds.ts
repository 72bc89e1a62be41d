import type { Forbids } from "../../registry/forbids.ts";
import type { AwsAccess, Binding } from "../../registry/schema.ts";

/** What an app must keep to in one environment. */
export interface Bounds {
  /** Names of places that are another environment's or another repository's. */
  readonly foreign: readonly string[];
  /** Undefined: the environment has no access to AWS. */
  readonly aws: Pick<AwsAccess, "assumable"> | undefined;
  readonly forbids: Forbids | undefined;
}

export const boundsOf = (
  { aws, forbids }: Pick<Binding, "aws" | "forbids">,
  foreign: readonly string[],
): Bounds => ({ foreign, aws, forbids });
