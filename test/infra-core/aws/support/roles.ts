import type { Stack } from "../../../../demo/aws/core/stack.ts";
import { allows, type Request, type Statement } from "./iam.ts";

/** What a role's own policies say, without whom they trust. */
export const identityOf = (stack: Stack, role: "plan" | "apply"): readonly Statement[] =>
  stack.statements(`${role}/role/`).filter(({ principals }) => principals === undefined);

export const trustOf = (stack: Stack, role: "plan" | "apply"): readonly Statement[] =>
  stack.statements(`${role}/role/trust`);

export const boundaryOf = (stack: Stack): readonly Statement[] => stack.statements("boundary/");

/** A session for the shop's deployment asks; its policies and the boundary must both allow it. */
export function maySession(
  identity: readonly Statement[],
  boundary: readonly Statement[],
  request: Request,
): boolean {
  const context = {
    "aws:PrincipalTag/waymark:repository": "acme/Shop",
    "aws:RequestedRegion": "eu-central-1",
    ...request.context,
  };
  return allows(identity, { ...request, context }) && allows(boundary, { ...request, context });
}
