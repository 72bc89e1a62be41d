import { ApiError, notFound } from "../http/api-error.ts";
import { type Call, idParameter, parameter } from "../http/call.ts";
import { atLeast, type Role } from "../model/account.ts";
import {
  type App,
  grants,
  type InstallationToken,
  type PermissionLevel,
  type PermissionName,
} from "../model/app.ts";
import type { Repository } from "../model/repository.ts";
import { findRepository } from "../model/world.ts";
import { type Actor, type Author, authorOf, sees } from "./actor.ts";

/** What a route needs: a permission of an App, and the role of a user that amounts to it. */
export interface Need {
  readonly permission: PermissionName;
  readonly level: PermissionLevel;
  /** Reading needs `read`, writing `write`, unless told. */
  readonly role?: Role;
}

/** The repository a route names, if the actor sees it (else 404) and may do what is needed (else 403). */
export function authorizedRepository(call: Call, need: Need): Repository {
  const repository = findRepository(call.world, `${parameter(call, "owner")}/${parameter(call, "repo")}`);
  if (repository === undefined || !sees(call.actor, repository)) throw notFound();
  if (!may(call.actor, repository, need)) throw refusal(call.actor, need);
  return repository;
}

/** True if the actor, who sees the repository, may do what is needed. */
export function may(actor: Actor, repository: Repository, { permission, level, role }: Need): boolean {
  if (actor.kind === "installation") return grants(actor.token.permissions, permission, level);
  if (actor.kind !== "user") return false;
  const held = repository.collaborators.get(actor.account.login);
  return held !== undefined && atLeast(held, role ?? level);
}

function refusal(actor: Actor, { permission, level }: Need): ApiError {
  const headers = { "x-accepted-github-permissions": `${permission}=${level}` };
  if (actor.kind === "installation")
    return new ApiError(403, "Resource not accessible by integration", { headers });
  return new ApiError(403, "Resource not accessible by personal access token", { headers });
}

/** The App that speaks by JWT. 401 for anybody else. */
export function requireApp(call: Call): App {
  if (call.actor.kind !== "app") throw new ApiError(401, "A JSON web token could not be decoded");
  return call.actor.app;
}

/** The installation token in use. 403 for anybody else, in the words of the endpoints that only Apps can use. */
export function requireInstallation(call: Call): InstallationToken {
  if (call.actor.kind !== "installation") throw new ApiError(403, "You must authenticate via a GitHub App.");
  return call.actor.token;
}

/** Who changes something. 401 for somebody without a name. */
export function requireAuthor(call: Call): Author {
  const author = authorOf(call.actor);
  if (author === undefined) throw new ApiError(401, "Requires authentication");
  return author;
}

/** The item of that id in a map. 404 if there is none. */
export function requireItem<Item>(call: Call, items: ReadonlyMap<number, Item>, name: string): Item {
  const item = items.get(idParameter(call, name));
  if (item === undefined) throw notFound();
  return item;
}
