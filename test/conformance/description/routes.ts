import { description } from "./load.ts";
import { type Operation, parseOperation, parseParameters } from "./operation.ts";

/** An operation, as a request's method and path lead to it. */
export interface Route {
  /** As the description spells it, e.g. `/repos/{owner}/{repo}`. */
  readonly template: string;
  readonly operation: Operation;
  /** By name, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Candidate {
  readonly template: string;
  /** The operation as the description has it. */
  readonly raw: object;
  readonly pattern: RegExp;
  /** The parameters in the order in which the template has them. */
  readonly names: readonly string[];
}

const candidates = new Map<string, readonly Candidate[]>();

/** The operation for a method and a path below the API's base; undefined if GitHub has none. */
export function findRoute(method: string, path: string): Route | undefined {
  for (const { template, raw, pattern, names } of candidatesFor(method.toLowerCase())) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const values = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]);
    return { template, operation: parseOperation(raw), parameters: Object.fromEntries(values) };
  }
  return undefined;
}

function candidatesFor(verb: string): readonly Candidate[] {
  const known = candidates.get(verb);
  if (known !== undefined) return known;
  const made = Object.entries(description().paths)
    .flatMap(([template, { [verb]: raw }]) => (raw === undefined ? [] : [compile(template, raw)]))
    .sort((a, b) => literal(b.template) - literal(a.template));
  candidates.set(verb, made);
  return made;
}

const parameterPattern = /\{([^}]+)\}/g;

/** What says most in plain text comes first: `/commits/{ref}/check-runs` before `/commits/{ref}`. */
const literal = (template: string) => template.replaceAll(parameterPattern, "").length;

function compile(template: string, raw: object): Candidate {
  const greedy = new Set(
    parseParameters(raw)
      .filter((parameter) => parameter["x-multi-segment"])
      .map(({ name }) => name),
  );
  // Every second part is a parameter's name.
  const parts = template.split(parameterPattern);
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return part.replaceAll(".", "\\.");
    return greedy.has(part) ? "(.+)" : "([^/]+)";
  });
  const names = parts.filter((_, index) => index % 2 === 1);
  return { template, raw, names, pattern: new RegExp(`^${source.join("")}$`) };
}
