import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import type { World } from "../model/world.ts";
import { ApiError } from "./api-error.ts";

/** One REST request, ready for its route. */
export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The request's full address, for links to further pages. */
  readonly url: URL;
  /** Parsed JSON; undefined if there was no body. */
  readonly body: unknown;
}

/** The parameter of that name in the route's template. */
export function parameter(call: Call, name: string): string {
  const value = call.parameters[name];
  if (value === undefined) throw new Error(`the route has no {${name}}`);
  return value;
}

/** A whole number from the path. 404 if it is none. */
export function idParameter(call: Call, name: string): number {
  const value = parameter(call, name);
  if (!/^\d{1,15}$/.test(value)) throw new ApiError(404, "Not Found");
  return Number(value);
}

/** The body as `schema` wants it; an absent body counts as `{}`. 422 with every problem named. */
export function parseBody<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(call.body ?? {});
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new ApiError(422, `Invalid request.\n\n${errors.join("\n")}`);
}

/** One of `allowed` from the query, or `fallback`. 422 for anything else. */
export function choice<Value extends string>(
  call: Call,
  name: string,
  allowed: readonly Value[],
  fallback: Value,
): Value {
  const given = call.query.get(name);
  if (given === null) return fallback;
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new ApiError(422, `Invalid ${name}: must be one of ${allowed.join(", ")}`);
  return found;
}
