import { z } from "zod";
import { dereference } from "../description/load.ts";
import { type Dialect, rewritePart } from "./rewrite.ts";
import { type Schema, schemaOf } from "./schema.ts";

/** Refuses every key that the description does not mention: GitHub would ignore a misspelt one without a word. */
export const closed: Dialect = {
  refer: (reference) => rewritePart(target(reference), closed),
  finish: (rewritten, original) => {
    const names = namesIn(original);
    const isSaid = original.additionalProperties !== undefined;
    return isSaid || names.length === 0 ? rewritten : { ...rewritten, propertyNames: { enum: names } };
  },
};

const target = (reference: string): Schema => schemaOf.parse(dereference({ $ref: reference }));

const parts = z.array(schemaOf).default([]);

/** The keys that a schema and the schemas it is composed of mention. */
function namesIn(schema: Schema): readonly string[] {
  if (typeof schema.$ref === "string") return namesIn(target(schema.$ref));
  const own = Object.keys(schemaOf.default({}).parse(schema.properties));
  const composed = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => parts.parse(list));
  return [...new Set([...own, ...composed.flatMap(namesIn)])];
}
