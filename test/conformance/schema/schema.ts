import { z } from "zod";

/** A schema, in OpenAPI's words or in JSON Schema's. */
export type Schema = Readonly<Record<string, unknown>>;
export const schemaOf = z.record(z.string(), z.unknown());
