import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { isEnvironmentName } from "./environment.ts";
import { environmentPolicySchema } from "./policy-schema.ts";

/** Where the policy lives in a repository, on the environment's own branch. */
export const policyPath = ".github/waymark.yml";

/** Who may do what, when, and what counts as healthy, for one environment. */
export type EnvironmentPolicy = z.output<typeof environmentPolicySchema>;
export type HealthCheck = EnvironmentPolicy["health"][number];

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

/** The policy of one environment out of the file's text; undefined text: the file does not exist. */
export function readPolicy(text: string | undefined, environment: string): PolicyReading {
  if (text === undefined) return { ok: true, policy: defaultPolicy };
  if (text.length > maximumLength) return failed("the file is longer than 64 KiB", 1, 1);
  const lines = new LineCounter();
  // Aliases can blow a small file up to gigabytes, and no policy needs them.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const syntax = document.errors[0];
  if (syntax) return failedAt(syntax.message.split("\n")[0] ?? syntax.code, lines, syntax.pos[0]);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return failed("aliases (*name) are not allowed", 1, 1);
  }
  const parsed = policySchema.safeParse(value);
  if (parsed.success) {
    return { ok: true, policy: parsed.data.environments[environment] ?? defaultPolicy };
  }
  return schemaError(parsed.error, document, lines);
}

function schemaError(
  error: z.ZodError,
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
): PolicyReading {
  const issue = error.issues[0];
  const path = issue?.path.filter((part) => typeof part !== "symbol") ?? [];
  const place = path.length > 0 ? path.join(".") : "the file";
  return failedAt(`${place}: ${issue?.message ?? "not a policy"}`, lines, offsetOf(document, path));
}

/** The deepest place of the path that the text really has: a missing key points at its parent. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const range = z.object({ range: z.tuple([z.number(), z.number(), z.number()]) }).safeParse(node);
    if (range.success) return range.data.range[0];
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
