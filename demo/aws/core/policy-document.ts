import type { Statement } from "./statement.ts";

/** The JSON that Terraform renders of a policy document, without white space. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map(rendered) }).replaceAll("&{", "${");

function rendered(statement: Statement) {
  const { sid, effect, actions, not_actions, resources, not_resources, principals, condition } = statement;
  return {
    Sid: sid,
    Effect: effect,
    ...(actions.length > 0 && { Action: actions }),
    ...(not_actions.length > 0 && { NotAction: not_actions }),
    ...(resources.length > 0 && { Resource: resources }),
    ...(not_resources.length > 0 && { NotResource: not_resources }),
    ...(principals && {
      Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])),
    }),
    ...(condition.length > 0 && { Condition: conditionOf(condition) }),
  };
}

/** Operator → key → values. */
function conditionOf(condition: Statement["condition"]): Record<string, Record<string, string[]>> {
  const byOperator: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of condition)
    byOperator[test] = { ...byOperator[test], [variable]: values };
  return byOperator;
}
