import { z } from "zod";
import { namesIn } from "./names.ts";
import { type Schema, schemaOf } from "./schema.ts";

/**
 * What stands for `{"$ref": reference}`: the whole of what a value is, or one part of several that hold for it at once.
 */
export type Refer = (reference: string, as: "whole" | "part") => Schema;

const schemas = z.array(schemaOf);
const properties = z.record(z.string(), schemaOf);

/** Kept as they are; everything else is documentation, or said in another way. */
const plain = new Set([
  "type",
  "enum",
  "format",
  "pattern",
  "required",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
]);

/**
 * A schema of OpenAPI 3.0 in the words of JSON Schema, and closed: it refuses keys that the description does not
 * mention. GitHub ignores a misspelt key without a word, and a made-up one in an answer would be relied on.
 */
export function rewrite(schema: Schema, refer: Refer): Schema {
  if (typeof schema.$ref === "string") return refer(schema.$ref, "whole");
  const rewritten = rewritePart(schema, refer);
  const names = namesIn(schema);
  const isSaid = schema.additionalProperties !== undefined;
  return isSaid || names.length === 0 ? rewritten : { ...rewritten, propertyNames: { enum: names } };
}

/** The same for a schema that is one of several which hold for one value: further keys may belong to the others. */
export function rewritePart(schema: Schema, refer: Refer): Schema {
  if (typeof schema.$ref === "string") return refer(schema.$ref, "part");
  const entries = Object.entries(schema).flatMap(([keyword, value]) => {
    const rewritten = rewriteKeyword(keyword, value, refer);
    return rewritten === undefined ? [] : [[keyword, rewritten]];
  });
  const result = Object.fromEntries(entries);
  return schema.nullable === true ? orNull(result) : result;
}

function rewriteKeyword(keyword: string, value: unknown, refer: Refer): unknown {
  if (plain.has(keyword)) return value;
  switch (keyword) {
    case "properties": {
      const named = Object.entries(properties.parse(value));
      return Object.fromEntries(named.map(([name, one]) => [name, rewrite(one, refer)]));
    }
    case "items":
      return rewrite(schemaOf.parse(value), refer);
    case "additionalProperties":
      return typeof value === "boolean" ? value : rewrite(schemaOf.parse(value), refer);
    case "not":
      return rewritePart(schemaOf.parse(value), refer);
    case "allOf":
    case "anyOf":
    case "oneOf":
      return schemas.parse(value).map((one) => rewritePart(one, refer));
    default:
      return undefined;
  }
}

/** OpenAPI's `nullable`, which JSON Schema does not know. */
function orNull(schema: Schema): Schema {
  const { type, enum: values, ...rest } = schema;
  const isPlain = typeof type === "string" && !["allOf", "anyOf", "oneOf", "not"].some((key) => key in rest);
  if (!isPlain) return { anyOf: [{ type: "null" }, schema] };
  return {
    ...rest,
    type: [type, "null"],
    ...(Array.isArray(values) && { enum: [...new Set([...values, null])] }),
  };
}
