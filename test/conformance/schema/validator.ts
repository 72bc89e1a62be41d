import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { z } from "zod";
import { withoutBot } from "../known-faults.ts";
import { remember } from "../remember.ts";
import { component } from "./names.ts";
import { type Refer, rewrite, rewritePart } from "./rewrite.ts";
import type { Schema } from "./schema.ts";

/** What is wrong with a value, a line for each problem; none if it is as described. */
export type Validator = (value: unknown) => readonly string[];

/** Ajv's own checks of schemas are off: some of GitHub's are odd, and thousands of them take seconds. */
const common: Options = { strict: false, validateSchema: false, allErrors: true, inlineRefs: false };
const email = z.email();

/** For what is JSON. */
export const jsonValidator = createCompiler({});

/** For what comes as text, in a path or a query. Writes the numbers that it finds into what it looks at. */
export const textValidator = createCompiler({ coerceTypes: "array" });

/** Compiles schemas of the description, each component once for all that refer to it. */
function createCompiler(options: Options): (schema: Schema) => Validator {
  const ajv = createAjv(options);
  const added = new Set<string>();
  const refer: Refer = (reference, as) => {
    const id = `${as}${reference.replaceAll(/[#/]+/g, ":")}`;
    if (!added.has(id)) {
      added.add(id);
      ajv.addSchema((as === "whole" ? rewrite : rewritePart)(component(reference), refer), id);
    }
    return { $ref: id };
  };
  return remember((schema: Schema) => validator(ajv.compile(rewrite(schema, refer))));
}

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ ...common, ...options });
  addFormats.default(ajv);
  ajv.addFormat("email", (text: string) => email.safeParse(withoutBot(text)).success);
  for (const format of ["repo.nwo", "timestamp"]) ajv.addFormat(format, true);
  return ajv;
}

function validator(validate: ValidateFunction): Validator {
  return (value) => {
    if (validate(value)) return [];
    const errors = validate.errors ?? [];
    const telling = errors.filter(isTelling);
    return (telling.length > 0 ? telling : errors).map(tell);
  };
}

/** That none of several alternatives fits is explained by what is wrong with each. */
const isTelling = ({ keyword }: ErrorObject) => !["anyOf", "allOf", "propertyNames"].includes(keyword);

function tell({ instancePath, message, params, propertyName }: ErrorObject): string {
  const place = instancePath === "" ? "it" : instancePath;
  if (propertyName !== undefined) return `${place} has an unknown key: ${propertyName}`;
  return `${place} ${message} ${JSON.stringify(params)}`;
}
