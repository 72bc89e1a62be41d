import { z } from "zod";
import { policySchema, type Statement } from "./statement.ts";

const item = z.looseObject({ "//": z.object({ metadata: z.object({ path: z.string() }) }).optional() });
const items = z.record(z.string(), z.record(z.string(), item));

const stackSchema = z.looseObject({
  terraform: z.looseObject({ backend: z.record(z.string(), z.looseObject({})) }),
  provider: z.record(z.string(), z.array(z.looseObject({}))),
  data: items.default({}),
  resource: items,
  output: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
});

export type Attributes = Readonly<Record<string, unknown>>;

/** A synthesized stack, asked by what it says. References are resolved to what Terraform would know after an apply. */
export interface Stack {
  readonly text: string;
  readonly backend: Readonly<Record<string, Attributes>>;
  readonly providers: Readonly<Record<string, readonly Attributes[]>>;
  /** All resources of a type, or the one whose path in the stack begins with `path`. */
  resources(type: string, path?: string): readonly Attributes[];
  resource(type: string, path?: string): Attributes;
  /** The statements of all policy documents whose path in the stack begins so. */
  statements(path: string): readonly Statement[];
  output(name: string): unknown;
}

export function parseStack(name: string, text: string): Stack {
  const parsed = stackSchema.parse(JSON.parse(text));
  const resolve = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, inner) =>
      typeof inner === "string" ? resolveText(inner, parsed) : inner,
    );
  const find = (found: z.infer<typeof items>, type: string, path: string) =>
    Object.values(found[type] ?? {})
      .filter((entry) => entry["//"]?.metadata.path.startsWith(`${name}/${path}`))
      .map(({ "//": _metadata, ...attributes }) => resolve(attributes));
  const resources = (type: string, path = "") => find(parsed.resource, type, path);
  return {
    text,
    backend: parsed.terraform.backend,
    providers: parsed.provider,
    resources,
    resource: (type, path) => only(resources(type, path), `${type} at ${path}`),
    statements: (path) => {
      const documents = find(parsed.data, "aws_iam_policy_document", path);
      if (documents.length === 0) throw new Error(`There is no policy document at ${path}.`);
      return documents.flatMap((document) => policySchema.parse(document).statement);
    },
    output: (output) => resolve(parsed.output[output]?.value),
  };
}

function only<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} times ${what}, not once.`);
  return first;
}

type Parsed = z.infer<typeof stackSchema>;

/** What stands for a reference: its resource's own name, or the partition and suffix of AWS's largest partition. */
function resolveText(text: string, stack: Parsed): string {
  return text.replaceAll(
    /\$\{(data\.)?(\w+)\.([\w-]+)\.(\w+)\}/g,
    (whole, data: string | undefined, type: string, id: string, attribute: string) => {
      const { "//": _metadata, ...entry } = (data ? stack.data : stack.resource)[type]?.[id] ?? {};
      const known = { partition: "aws", dns_suffix: "amazonaws.com" }[attribute];
      if (type === "aws_partition") return known ?? whole;
      if (type === "aws_service_principal") return `${entry.service_name}.amazonaws.com`;
      const name = resolveText(String(entry.bucket ?? entry.name ?? entry.environment ?? id), stack);
      return attribute === "arn" ? arnOf(type, `${entry.path ?? "/"}${name}`, stack) : name;
    },
  );
}

/** `name` begins with a slash. */
function arnOf(type: string, name: string, { provider }: Parsed): string {
  const { region, allowed_account_ids: accounts } = provider.aws?.[0] ?? {};
  const account = Array.isArray(accounts) ? accounts[0] : "";
  const kinds: Readonly<Record<string, string>> = {
    aws_s3_bucket: `s3:::${name.slice(1)}`,
    aws_iam_role: `iam::${account}:role${name}`,
    aws_iam_policy: `iam::${account}:policy${name}`,
    aws_kms_key: `kms:${region}:${account}:key${name}`,
    aws_ecr_repository: `ecr:${region}:${account}:repository${name}`,
  };
  return `arn:aws:${kinds[type] ?? `${type}:${region}:${account}:${name}`}`;
}
