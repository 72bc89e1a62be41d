import type { Statement } from "../../../../demo/aws/core/statement.ts";

export type { Statement };

/** What somebody asks AWS to do. */
export interface Request {
  readonly action: string;
  readonly resource?: string;
  /** Who asks, for the policies of resources: an ARN. */
  readonly principal?: string;
  /** Condition keys and their values; what isn't here is absent. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Whether statements allow a request, as IAM decides: a Deny that applies wins, else an Allow must. It knows the
 * operators that the core stack uses and throws at any other.
 */
export function allows(statements: readonly Statement[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return (
    applying.some(({ effect }) => effect === "Allow") && !applying.some(({ effect }) => effect === "Deny")
  );
}

/** Whether a Deny applies, for policies that only deny. */
export const denies = (statements: readonly Statement[], request: Request): boolean =>
  statements.some((statement) => statement.effect === "Deny" && applies(statement, request));

function applies(statement: Statement, request: Request): boolean {
  const { action, resource = "*", context = {} } = request;
  const named = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, action, {}));
  const hasAction =
    statement.not_actions.length > 0 ? !named(statement.not_actions) : named(statement.actions);
  const covers = (patterns: readonly string[]) =>
    patterns.some((pattern) => matches(pattern, resource, context));
  const hasResource =
    statement.not_resources.length > 0
      ? !covers(statement.not_resources)
      : statement.resources.length === 0 || covers(statement.resources);
  return (
    hasAction && hasResource && concerns(statement, request) && statement.condition.every(holds(context))
  );
}

function concerns({ principals }: Statement, { principal }: Request): boolean {
  if (principals === undefined) return true;
  return principals.some(({ identifiers }) => identifiers.some((one) => one === "*" || one === principal));
}

type Context = NonNullable<Request["context"]>;

const holds =
  (context: Context) =>
  ({ test, variable, values }: Statement["condition"][number]): boolean => {
    const given = context[variable];
    const present = given === undefined ? [] : [given].flat();
    const isOneOf = (text: string) => values.some((value) => matches(value, text, context));
    switch (test) {
      case "Null":
        return values.includes(String(given === undefined));
      case "StringEquals":
      case "StringLike":
      case "ArnEquals":
      case "Bool":
      case "ForAnyValue:StringEquals":
        return present.some(isOneOf);
      case "StringNotEquals":
      case "StringNotLike":
      case "ArnNotEquals":
        return !present.some(isOneOf);
      case "ForAllValues:StringEquals":
        return present.every(isOneOf);
      case "NumericLessThan":
        return present.some((text) => Number(text) < Number(values[0]));
      default:
        throw new Error(`The operator ${test} is not known here.`);
    }
  };

/** `*` stands for anything, and a variable of the policy for what the context says. */
function matches(pattern: string, text: string, context: Context): boolean {
  const filled = pattern.replaceAll(/&\{([^}]+)\}/g, (_, key: string) => String(context[key] ?? "<absent>"));
  const source = filled.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "s").test(text);
}
