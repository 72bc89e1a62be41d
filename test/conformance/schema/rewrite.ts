import { z } from "zod";
import { type Schema, schemaOf } from "./schema.ts";

/** How a rewritten schema deals with what it refers to and with keys that nobody mentions. */
export interface Dialect {
  /** What stands for `{"$ref": reference}`. */
  readonly refer: (reference: string) => Schema;
  /** Gets every rewritten object schema beside its original; may make it stricter. */
  readonly finish: (rewritten: Schema, original: Schema) => Schema;
}

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

/** A schema of OpenAPI 3.0 in the words of JSON Schema. */
export function rewrite(schema: Schema, dialect: Dialect): Schema {
  return dialect.finish(rewritePart(schema, dialect), schema);
}

/** The same for a schema that is one of several that hold for one value: keys may belong to the others. */
export function rewritePart(schema: Schema, dialect: Dialect): Schema {
  if (typeof schema.$ref === "string") return dialect.refer(schema.$ref);
  const entries = Object.entries(schema).flatMap(([keyword, value]) => {
    const rewritten = rewriteKeyword(keyword, value, dialect);
    return rewritten === undefined ? [] : [[keyword, rewritten]];
  });
  const result = Object.fromEntries(entries);
  return schema.nullable === true ? orNull(result) : result;
}

function rewriteKeyword(keyword: string, value: unknown, dialect: Dialect): unknown {
  if (plain.has(keyword)) return value;
  switch (keyword) {
    case "properties": {
      const named = Object.entries(properties.parse(value));
      return Object.fromEntries(named.map(([name, one]) => [name, rewrite(one, dialect)]));
    }
    case "items":
      return rewrite(schemaOf.parse(value), dialect);
    case "additionalProperties":
      return typeof value === "boolean" ? value : rewrite(schemaOf.parse(value), dialect);
    case "not":
      return rewritePart(schemaOf.parse(value), dialect);
    case "allOf":
    case "anyOf":
    case "oneOf":
      return schemas.parse(value).map((one) => rewritePart(one, dialect));
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
