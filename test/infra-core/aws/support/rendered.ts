import type { Statement } from "./iam.ts";

/** How many characters a policy has, as IAM counts them: JSON without white space. */
export const sizeOf = (statements: readonly Statement[]): number =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map(rendered) }).length;

function rendered({ sid, effect, actions, not_actions, resources, principals, condition }: Statement) {
  return {
    Sid: sid,
    Effect: effect,
    ...(actions.length > 0 && { Action: actions }),
    ...(not_actions.length > 0 && { NotAction: not_actions }),
    ...(resources.length > 0 && { Resource: resources }),
    ...(principals && {
      Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])),
    }),
    ...(condition.length > 0 && {
      Condition: condition.map(({ test, variable, values }) => ({ [test]: { [variable]: values } })),
    }),
  };
}
