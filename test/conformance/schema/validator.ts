import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { z } from "zod";
import { dereference } from "../description/load.ts";
import { withoutBot } from "../known-faults.ts";
import { remember } from "../remember.ts";
import { closed } from "./closed.ts";
import { type Dialect, rewrite } from "./rewrite.ts";
import { type Schema, schemaOf } from "./schema.ts";

/** What is wrong with a value, a line for each problem; none if it is as described. */
export type Validator = (value: unknown) => readonly string[];

const email = z.email();

/** Ajv's own checks of schemas are off: some of GitHub's are odd, and thousands of them take seconds. */
const options = { strict: false, validateSchema: false, allErrors: true, inlineRefs: false } as const;

const answers = createAjv(options);
const bodies = createAjv(options);
const parameters = createAjv({ ...options, coerceTypes: "array" });

function createAjv(settings: ConstructorParameters<typeof Ajv>[0]): Ajv {
  const ajv = new Ajv(settings);
  addFormats.default(ajv);
  ajv.addFormat("email", (text: string) => email.safeParse(withoutBot(text)).success);
  for (const format of ["repo.nwo", "timestamp"]) ajv.addFormat(format, true);
  return ajv;
}

/** Compiles each component once, for all that refer to it. */
const open: Dialect = {
  refer: (reference) => {
    const id = `github:${reference.replaceAll(/[#/]+/g, ":")}`;
    if (!added.has(id)) {
      added.add(id);
      answers.addSchema(rewrite(schemaOf.parse(dereference({ $ref: reference })), open), id);
    }
    return { $ref: id };
  },
  finish: (rewritten) => rewritten,
};
const added = new Set<string>();

/** For what GitHub sends: more keys than described are no fault. */
export const answerValidator = remember((schema: Schema) =>
  validator(answers.compile(rewrite(schema, open))),
);

/** For what a client sends as JSON. */
export const bodyValidator = remember((schema: Schema) => validator(bodies.compile(rewrite(schema, closed))));

/** For what a client sends as text, in a path or a query. */
export const textValidator = remember((schema: Schema) =>
  validator(parameters.compile(rewrite(schema, closed))),
);

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
