import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import { type SchemaFault, schemaFaults } from "../known-faults.ts";

/** One file of many: the package's index would load them all. */
const file = "@octokit/openapi/generated/api.github.com.json";

const raw = z.record(z.string(), z.unknown());

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), raw)),
  "x-webhooks": z.record(z.string(), z.object({ post: raw })),
  components: z.object({ schemas: raw, parameters: raw, responses: raw }),
});

let loaded: z.infer<typeof document> | undefined;

/**
 * GitHub's OpenAPI description of its REST API and webhooks, read once in the life of the process: it is 13 MB. Its
 * parts are parsed where they are used.
 */
export function description(): z.infer<typeof document> {
  loaded ??= document.parse(read());
  return loaded;
}

function read(): unknown {
  const text = readFileSync(createRequire(import.meta.url).resolve(file), "utf8");
  return schemaFaults.reduce<unknown>((whole, { at, mend }) => changeAt(whole, at, mend), JSON.parse(text));
}

function changeAt(value: unknown, [key, ...rest]: readonly string[], mend: SchemaFault["mend"]): unknown {
  const here = raw.parse(value);
  if (key === undefined) return mend(here);
  if (here[key] === undefined) throw new Error(`the description has no ${key} there any more`);
  return { ...here, [key]: changeAt(here[key], rest, mend) };
}

const reference = z.object({ $ref: z.string() });

/** What `#/components/<kind>/<name>` leads to; anything else is given back as it is. Throws if it leads nowhere. */
export function dereference(value: unknown): unknown {
  const found = reference.safeParse(value);
  if (!found.success) return value;
  const [, , kind = "", name = ""] = found.data.$ref.split("/");
  const target = Object.entries(description().components).find(([key]) => key === kind)?.[1][name];
  if (target === undefined) throw new Error(`the description has no ${found.data.$ref}`);
  return target;
}
