import { z } from "zod";

/** In Terraform's JSON the second key holds a mask: true where the value under the first one is sensitive. */
const masks = [
  ["value", "sensitive"],
  ["values", "sensitive_values"],
  ["before", "before_sensitive"],
  ["after", "after_sensitive"],
] as const;

const variablesSchema = z.object({
  variables: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  configuration: z
    .object({
      root_module: z.object({
        variables: z.record(z.string(), z.object({ sensitive: z.boolean().default(false) })).default({}),
      }),
    })
    .optional(),
});

/**
 * Every text and number that `terraform show -json` marks as sensitive, of a state or of a plan. Terraform itself loses
 * the mark on the way to some attributes: whoever masks by value masks those too.
 */
export function sensitiveValues(document: unknown): string[] {
  return [...new Set([...sensitiveVariables(document), ...marked(document)])];
}

function sensitiveVariables(document: unknown): string[] {
  const { variables, configuration } = variablesSchema.parse(document);
  const declared = Object.entries(configuration?.root_module.variables ?? {});
  return declared.flatMap(([name, { sensitive }]) => (sensitive ? leaves(variables[name]?.value) : []));
}

function marked(node: unknown): string[] {
  if (!isTree(node)) return [];
  const own = masks.flatMap(([value, mask]) => masked(node[value], node[mask]));
  return [...own, ...Object.values(node).flatMap(marked)];
}

function masked(value: unknown, mask: unknown): string[] {
  if (mask === true) return leaves(value);
  if (!isTree(value) || !isTree(mask)) return [];
  return Object.entries(mask).flatMap(([key, part]) => masked(value[key], part));
}

/** A secret that is JSON is also known by its parts. */
function leaves(value: unknown): string[] {
  if (isTree(value)) return Object.values(value).flatMap(leaves);
  if (typeof value === "number") return [String(value)];
  return typeof value === "string" ? [value, ...leaves(parsedTree(value))] : [];
}

function parsedTree(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return isTree(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const isTree = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === "object" && node !== null;
