import type { ApiRequest } from "../../demo/github/model/api-request.ts";
import { type Schema, schemaOf } from "./schema/schema.ts";

/** A schema of the description that refuses what GitHub really sends. */
export interface SchemaFault {
  /** The keys that lead to it from the top. */
  readonly at: readonly string[];
  readonly mend: (schema: Schema) => Schema;
}

const orEmpty = (schema: Schema): Schema => ({ anyOf: [{ type: "string", enum: [""] }, schema] });
const withKey =
  (name: string) =>
  (schema: Schema): Schema => ({
    ...schema,
    properties: { ...schemaOf.default({}).parse(schema.properties), [name]: { type: "string" } },
  });

const ok = ["responses", "200", "content", "application/json", "schema"];
const listed = ["paths", "/app/installations", "get", ...ok, "items"];
const schemas = ["components", "schemas"];
const created = [...schemas, "webhook-deployment-created", "properties", "deployment"];
const moved = [...schemas, "webhook-deployment-status-created", "properties"];

/** Told here, so that nothing else is let through with them. Reading fails for one that is not there any more. */
export const schemaFaults: readonly SchemaFault[] = [
  // An account is a user or an enterprise; described as both at once.
  {
    at: [...listed, "properties", "account"],
    mend: ({ allOf, ...rest }) => ({ ...rest, anyOf: allOf }),
  },
  // Keys that are described elsewhere for the same thing, but not here.
  { at: [...listed, "properties", "account"], mend: withKey("user_view_type") },
  ...[
    listed,
    [...created, "properties", "performed_via_github_app"],
    [...moved, "deployment", "properties", "performed_via_github_app"],
    [...moved, "deployment_status", "properties", "performed_via_github_app"],
  ].map((at) => ({ at, mend: withKey("client_id") })),
  { at: [...schemas, "validation-error"], mend: withKey("status") },
  // A Deployment status without an address has an empty text, which is even said to be the default, but is no URI.
  ...[
    [...schemas, "deployment-status", "properties", "target_url"],
    [...schemas, "deployment-status", "properties", "log_url"],
    [...schemas, "deployment-status", "properties", "environment_url"],
    [...moved, "deployment_status", "properties", "log_url"],
    [...moved, "deployment_status", "properties", "environment_url"],
  ].map((at) => ({ at, mend: orEmpty })),
];

/** A bot's address is `1+name[bot]@…`: GitHub sends it as an e-mail, which by the letter it is not. */
export const withoutBot = (email: string): string => email.replace("[bot]@", "@");

/** An answer that GitHub gives although the description lacks it, or lacks its body. */
export interface AnswerFault {
  readonly status: number;
  readonly method?: string;
  readonly template?: RegExp;
  /** Without one there is no body. */
  readonly body?: Schema;
}

const basicError: Schema = { $ref: "#/components/schemas/basic-error" };

const failedChecks: Schema = {
  type: "object",
  properties: {
    ...Object.fromEntries(["message", "documentation_url", "status"].map((key) => [key, { type: "string" }])),
    errors: { type: "array", items: { type: "object" } },
  },
  required: ["message", "errors"],
};

/** Whether a route says so or not: any may find that credentials are bad, or not enough, or that nothing changed. */
export const answerFaults: readonly AnswerFault[] = [
  { status: 304, method: "GET" },
  { status: 401, body: basicError },
  { status: 403, body: basicError },
  { status: 404, template: /^\/repos\//, body: basicError },
  // Limits and commits that do not exist: described for no route of check runs.
  { status: 422, template: /\/check-runs(\/|$)/, body: basicError },
  // Described, but without the body that says which checks have not passed.
  { status: 409, method: "POST", template: /\/deployments$/, body: failedChecks },
];

/** The known fault that explains an answer. */
export function findAnswerFault(
  { method, status }: Pick<ApiRequest, "method" | "status">,
  template: string,
): AnswerFault | undefined {
  return answerFaults.find(
    (fault) =>
      fault.status === status &&
      (fault.method ?? method) === method &&
      (fault.template === undefined || fault.template.test(template)),
  );
}

/** The top folder is the content of an empty path, which is described for paths that are not empty only. */
export const describedPath = (path: string): string => path.replace(/\/contents\/?$/, "/contents/%2F");
