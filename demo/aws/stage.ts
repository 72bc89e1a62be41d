import type { Stage } from "../stage/stage.ts";
import type { Aws } from "./open.ts";

/** The AWS of a stage that has one. */
export function awsOf({ aws }: Pick<Stage, "aws">): Aws {
  if (aws === undefined) throw new Error("this stage has no AWS");
  return aws;
}
