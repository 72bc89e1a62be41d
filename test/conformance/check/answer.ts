import type { ApiRequest } from "../../../demo/github/model/api-request.ts";
import type { Route } from "../description/routes.ts";
import { findAnswerFault } from "../known-faults.ts";
import type { Schema } from "../schema/schema.ts";
import { jsonValidator } from "../schema/validator.ts";

type Answered = Pick<ApiRequest, "method" | "status" | "answer">;

/** What GitHub's description has against an answer: its status and its body. */
export function answerFaults(route: Route, answered: Answered): readonly string[] {
  const { status, answer } = answered;
  const schema = schemaFor(route, answered);
  if (schema === "undescribed") return [`the status ${status} is not described`];
  if (schema === undefined) return answer === "" ? [] : [`the status ${status} has no body`];
  if (answer === "") return [`the status ${status} lacks its body`];
  return jsonValidator(schema)(JSON.parse(answer)).map((fault) => `answer: ${fault}`);
}

/** The schema of an answer's body; undefined if it has none. */
function schemaFor({ operation, template }: Route, answered: Answered): Schema | undefined | "undescribed" {
  const { responses } = operation;
  const described = responses.get(String(answered.status))?.["application/json"]?.schema;
  if (described !== undefined) return described;
  const known = findAnswerFault(answered, template);
  if (known !== undefined) return known.body;
  return responses.has(String(answered.status)) ? undefined : "undescribed";
}
