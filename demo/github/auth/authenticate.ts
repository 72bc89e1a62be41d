import { ApiError } from "../http/api-error.ts";
import type { World } from "../model/world.ts";
import type { Actor } from "./actor.ts";
import { appOfJwt } from "./app-jwt.ts";

/** Who sends a REST request, from its `Authorization` header. 401 for credentials that are not good (any more). */
export async function authenticate(world: World, header: string | undefined): Promise<Actor> {
  if (header === undefined) return { kind: "anonymous" };
  const token = tokenIn(header);
  if (token === undefined) throw badCredentials();
  if (token.split(".").length === 3) return { kind: "app", app: await appOfJwt(world, token) };
  return actorOfToken(world, token) ?? fail();
}

/** Who sends a git request; undefined for bad credentials. */
export function authenticateGit(world: World, header: string | undefined): Actor | undefined {
  if (header === undefined) return { kind: "anonymous" };
  const token = /^basic /i.test(header) ? tokenIn(header) : undefined;
  return token === undefined ? undefined : actorOfToken(world, token);
}

/** The token of `Bearer …`, `token …`, or the password of `Basic …` (any user name). */
function tokenIn(header: string): string | undefined {
  const [scheme = "", value = ""] = header.trim().split(/ +/, 2);
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const pair = Buffer.from(value, "base64").toString();
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined;
}

function actorOfToken(world: World, value: string): Actor | undefined {
  const account = world.userTokens.get(value);
  if (account !== undefined) return { kind: "user", account };
  const token = world.installationTokens.get(value);
  const live =
    token !== undefined && token.expiresAt > world.now() && world.installations.has(token.installation.id);
  return live ? { kind: "installation", token } : undefined;
}

const badCredentials = () => new ApiError(401, "Bad credentials");

function fail(): never {
  throw badCredentials();
}
