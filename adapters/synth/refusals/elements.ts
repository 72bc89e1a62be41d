import { z } from "zod";
import type { SynthesizedPart } from "./refusal.ts";

/** A block of a stack's JSON. */
export interface StackElement extends SynthesizedPart {
  readonly section: string;
  /** `["aws_instance", "web"]` for a resource, `["aws"]` for a provider. */
  readonly labels: readonly string[];
  readonly value: unknown;
}

/** How many names the blocks of a section have; none in sections that are not named here. */
const namesIn: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["ephemeral", 2],
  ["list", 2],
  ["action", 2],
  ["provider", 1],
  ["module", 1],
  ["variable", 1],
  ["output", 1],
  ["locals", 1],
  ["check", 1],
]);

/** Terraform's prefix of an address, where that is not the section's name. */
const prefixes: ReadonlyMap<string, readonly string[]> = new Map([
  ["resource", []],
  ["locals", ["local"]],
  ["variable", ["var"]],
]);

/** All of a stack, block by block: nothing in it is in none of them. */
export function elementsOf(stack: string, json: object): StackElement[] {
  return Object.entries(json).flatMap(([section, value]) =>
    blocksIn(value, namesIn.get(section) ?? 0, []).map((block) => ({
      stack,
      section,
      address: [...(prefixes.get(section) ?? [section]), ...block.labels, ...aliasOf(section, block)].join(
        ".",
      ),
      construct: constructOf(block.value),
      ...block,
    })),
  );
}

type Block = Pick<StackElement, "labels" | "value">;

/** Terraform reads a list of blocks, or of objects that hold some, wherever it reads one. */
function blocksIn(value: unknown, names: number, labels: readonly string[]): Block[] {
  if (Array.isArray(value)) return value.flatMap((one) => blocksIn(one, names, labels));
  if (names === 0 || !isObject(value)) return [{ labels, value }];
  return Object.entries(value).flatMap(([name, inner]) => blocksIn(inner, names - 1, [...labels, name]));
}

const aliasOf = (section: string, { value }: Block): string[] =>
  section === "provider" && isObject(value) && typeof value.alias === "string" ? [value.alias] : [];

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const notedSchema = z.object({ "//": z.object({ metadata: z.object({ path: z.string() }) }) });

const constructOf = (value: unknown): string | undefined =>
  notedSchema.safeParse(value).data?.["//"].metadata.path;
