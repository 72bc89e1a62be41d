import { authorizedRepository, type Need } from "../auth/authorize.ts";
import type { Call } from "../http/call.ts";
import type { Answer, Method, Route } from "../http/router.ts";
import type { Repository } from "../model/repository.ts";

/** A call about a repository that the caller sees and may use so. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/**
 * A route below `/repos/{owner}/{repo}`. `need` is the permission that GitHub's documentation names for it;
 * a user needs the role that amounts to it.
 */
export function repositoryRoute(
  method: Method,
  path: string,
  need: Need,
  handle: (call: RepositoryCall) => Answer | Promise<Answer>,
): Route {
  return {
    method,
    template: `/repos/{owner}/{repo}${path}`,
    handle: (call) => handle({ ...call, repository: authorizedRepository(call, need) }),
  };
}

export const reads = (permission: Need["permission"]): Need => ({ permission, level: "read" });
export const writes = (permission: Need["permission"]): Need => ({ permission, level: "write" });
