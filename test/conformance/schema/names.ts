import { z } from "zod";
import { dereference } from "../description/load.ts";
import { type Schema, schemaOf } from "./schema.ts";

const parts = z.array(schemaOf).default([]);

/** The keys that a schema and the schemas it is composed of mention; none for one that says nothing of keys. */
export function namesIn(schema: Schema): readonly string[] {
  if (typeof schema.$ref === "string") return namesIn(component(schema.$ref));
  const own = Object.keys(schemaOf.default({}).parse(schema.properties));
  const composed = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => parts.parse(list));
  return [...new Set([...own, ...composed.flatMap(namesIn)])];
}

/** The schema that a reference leads to. Throws if it leads nowhere. */
export function component(reference: string): Schema {
  return schemaOf.parse(dereference({ $ref: reference }));
}
