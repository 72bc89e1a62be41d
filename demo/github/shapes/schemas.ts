import type { components } from "@octokit/openapi-types";

/** GitHub's own description of its answers: shapes below are checked against it by the compiler. */
export type Schemas = components["schemas"];

/** A global id such as GraphQL uses. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}
