import { z } from "zod";
import { remember } from "../remember.ts";
import { type Schema, schemaOf } from "../schema/schema.ts";
import { dereference } from "./load.ts";

const content = z.record(z.string(), z.object({ schema: schemaOf }));

const parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  schema: schemaOf,
  /** It may hold slashes. */
  "x-multi-segment": z.boolean().default(false),
});
export type Parameter = z.infer<typeof parameter>;

/** One request that GitHub answers, or one webhook that it sends. */
export interface Operation {
  /** What the parameters in the path, in the query and among the headers are like, as an object each. */
  readonly parameters: Readonly<Record<Parameter["in"], Schema>>;
  readonly body: { readonly required: boolean; readonly content: z.infer<typeof content> } | undefined;
  /** By status; the value is undefined for an answer without a body. */
  readonly responses: ReadonlyMap<string, z.infer<typeof content> | undefined>;
}

const withParameters = z.object({ parameters: z.array(z.unknown()).default([]) });
const operation = z.object({
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const response = z.object({ content: content.optional() });

/** Parses an operation, with what it refers to. */
export const parseOperation = remember((raw: object): Operation => {
  const { requestBody, responses } = operation.parse(raw);
  const parameters = parseParameters(raw);
  const answers = Object.entries(responses).map(
    ([status, one]) => [status, response.parse(dereference(one)).content] as const,
  );
  return {
    parameters: {
      path: asObject(parameters, "path"),
      query: asObject(parameters, "query"),
      header: asObject(parameters, "header"),
    },
    body: requestBody,
    responses: new Map(answers),
  };
});

/** The parameters of an operation alone. */
export function parseParameters(raw: object): readonly Parameter[] {
  const { parameters } = withParameters.parse(raw);
  return parameters.map((one) => parameter.parse(dereference(one)));
}

function asObject(parameters: readonly Parameter[], place: Parameter["in"]): Schema {
  const here = parameters.filter((one) => one.in === place);
  return {
    type: "object",
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
    required: here.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}
