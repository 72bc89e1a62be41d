import type { ApiRequest } from "../../../demo/github/model/api-request.ts";
import type { Route } from "../description/routes.ts";
import { jsonValidator, textValidator } from "../schema/validator.ts";

type Asked = Pick<ApiRequest, "query" | "body">;

/** What GitHub's description has against a request: path, query and body, unknown keys among them. */
export function requestFaults(route: Route, asked: Asked): readonly string[] {
  return [
    ...textFaults(route, "path", route.parameters),
    ...textFaults(route, "query", queryOf(asked.query)),
    ...bodyFaults(route, asked.body),
  ];
}

/** A key that is there twice is a list. */
function queryOf(query: string): Readonly<Record<string, string | string[]>> {
  const given = new URLSearchParams(query);
  const entries = [...new Set(given.keys())].map((key) => {
    const values = given.getAll(key);
    return [key, values.length === 1 ? (values[0] ?? "") : values] as const;
  });
  return Object.fromEntries(entries);
}

function textFaults({ operation }: Route, place: "path" | "query", given: object): readonly string[] {
  const validate = textValidator(operation.parameters[place]);
  // Ajv writes the numbers that it found into what it looks at.
  return validate({ ...given }).map((fault) => `${place}: ${fault}`);
}

function bodyFaults({ operation: { body } }: Route, given: unknown): readonly string[] {
  const schema = body?.content["application/json"]?.schema;
  if (given === undefined) return body?.required ? ["body: there is none"] : [];
  if (schema === undefined) return ["body: none is described"];
  return jsonValidator(schema)(given).map((fault) => `body: ${fault}`);
}
