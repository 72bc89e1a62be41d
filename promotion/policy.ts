import {
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { z } from "zod";
import { isEnvironmentName } from "./environment.ts";
import { environmentPolicySchema, type HttpCheck, type TcpCheck } from "./policy-schema.ts";

/** Where the policy lives in a repository, on the environment's own branch. */
export const policyPath = ".github/waymark.yml";

/** Who may do what, when, and what counts as healthy, for one environment. */
export type EnvironmentPolicy = z.output<typeof environmentPolicySchema>;
export type HealthCheck = HttpCheck | TcpCheck;
export type VerifyCommand = NonNullable<EnvironmentPolicy["verify"]>;

/** What stands in the way of reading a policy. Line and column count from 1. */
export interface PolicyError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type PolicyReading =
  | { readonly ok: true; readonly policy: EnvironmentPolicy }
  | { readonly ok: false; readonly error: PolicyError };

const policySchema = z.strictObject({
  version: z.literal(1),
  environments: z
    .record(z.string().refine(isEnvironmentName, "not an environment name"), environmentPolicySchema)
    .default({}),
});

/** What holds where a repository says nothing. */
export const defaultPolicy: EnvironmentPolicy = environmentPolicySchema.parse({});

/** A file of 64 KiB holds any sane policy; a larger one is somebody's mistake or attack. */
const maximumLength = 65_536;
/** A policy needs seven levels, of which the parser counts some twice. */
const maximumDepth = 100;

/** The policy of one environment out of the file's text; undefined text: the file does not exist. */
export function readPolicy(text: string | undefined, environment: string): PolicyReading {
  if (text === undefined) return { ok: true, policy: defaultPolicy };
  if (new TextEncoder().encode(text).length > maximumLength)
    return failed("the file is longer than 64 KiB", 1, 1);
  const lines = new LineCounter();
  if (isTooDeep(text)) return failed(`it is nested more than ${maximumDepth} levels deep`, 1, 1);
  // The library compares each key of a map with each other one: 20,000 of them would take it many seconds.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
  });
  const syntax = document.errors[0];
  if (syntax) return failedAt(syntax.message, lines, syntax.pos[0]);
  const odd = findOdd(document);
  if (odd !== undefined) return failedAt(odd.message, lines, odd.offset);
  const value: unknown = document.toJS();
  const parsed = policySchema.safeParse(value);
  if (parsed.success) {
    const { environments } = parsed.data;
    const own = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    return { ok: true, policy: own ?? defaultPolicy };
  }
  return schemaError(parsed.error, document, lines);
}

/**
 * What composes the document calls itself for each level, and node dies for good (it does not throw) where a stack that
 * is nearly full meets a new regular expression. What reads the tokens keeps a stack of its own.
 */
function isTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const token of new Lexer().lex(text)) {
    for (const _ of parser.next(token));
    if (parser.stack.length > maximumDepth) return true;
  }
  return false;
}

/** What is YAML, but nothing that a policy may hold. */
interface Odd {
  readonly message: string;
  readonly offset: number;
}

/** Aliases can blow a small file up to gigabytes, and no policy needs them; of two equal keys one would be ignored. */
function findOdd(document: Document): Odd | undefined {
  let odd: Odd | undefined;
  visit(document, {
    Alias: (_, alias) => {
      odd = { message: "aliases (*name) are not allowed", offset: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
    Map: (_, map) => {
      odd = secondKey(map);
      return odd && visit.BREAK;
    },
  });
  return odd;
}

function secondKey({ items }: YAMLMap): Odd | undefined {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) {
      const message = `keys must be unique, and ${name.slice(0, 100)} is there twice`;
      return { message, offset: key.range?.[0] ?? 0 };
    }
    seen.add(name);
  }
  return undefined;
}

type Path = readonly (string | number)[];
type Document = ReturnType<typeof parseDocument>;

function schemaError(error: z.ZodError, document: Document, lines: LineCounter): PolicyReading {
  const issue = error.issues[0];
  const path = issue?.path.filter((part) => typeof part !== "symbol") ?? [];
  const place = path.length > 0 ? path.join(".") : "the file";
  return failedAt(`${place}: ${reasonOf(issue)}`, lines, offsetOf(issue, document, path));
}

/** What is wrong with a key is said one level deeper. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  const inner = issue?.code === "invalid_key" ? issue.issues[0] : undefined;
  return (inner ?? issue)?.message ?? "not a policy";
}

/** A key that should not be there is pointed at itself; all else at its value. */
function offsetOf(issue: z.core.$ZodIssue | undefined, document: Document, path: Path): number {
  const key =
    issue?.code === "unrecognized_keys"
      ? keyOffset(document, [...path, issue.keys[0] ?? ""])
      : issue?.code === "invalid_key"
        ? keyOffset(document, path)
        : undefined;
  return key ?? valueOffset(document, path);
}

function keyOffset(document: Document, path: Path): number | undefined {
  const map = document.getIn(path.slice(0, -1), true);
  const pair = isMap(map)
    ? map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** The deepest place of the path that the text really has: a missing key points at its parent. */
function valueOffset(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function failedAt(message: string, lines: LineCounter, offset: number): PolicyReading {
  const { line, col } = lines.linePos(offset);
  return failed(message, Math.max(line, 1), Math.max(col, 1));
}

function failed(message: string, line: number, column: number): PolicyReading {
  return { ok: false, error: { message, line, column } };
}
