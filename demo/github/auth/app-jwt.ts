import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import { ApiError } from "../http/api-error.ts";
import type { App } from "../model/app.ts";
import type { World } from "../model/world.ts";

const longestLife = 600;
const allowedSkew = 60;

/** The App that signed a JWT. 401 in GitHub's words for a bad one. Source: docs, "Generating a JWT". */
export async function appOfJwt(world: World, token: string): Promise<App> {
  const app = findIssuer(world, decode(token));
  await verify(world, token, app);
  return app;
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw undecodable();
  }
}

/** The issuer is the App's id, as a number or a text, or its client id. */
function findIssuer(world: World, { iss }: JWTPayload): App {
  const app = [...world.apps.values()].find(
    ({ id, clientId }) => String(id) === String(iss) || clientId === iss,
  );
  if (app === undefined) throw new ApiError(404, "Integration not found");
  return app;
}

async function verify(world: World, token: string, app: App): Promise<void> {
  const now = world.now();
  try {
    const options = { algorithms: ["RS256"], currentDate: now, requiredClaims: ["iat", "exp"] };
    const { payload } = await jwtVerify(token, app.publicKey, options);
    checkTimes(payload, now.getTime() / 1000);
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
      throw badExpiry();
    if (error instanceof errors.JOSEError) throw undecodable();
    throw error;
  }
}

function checkTimes({ iat = 0, exp = 0 }: JWTPayload, now: number): void {
  if (exp > now + longestLife) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (iat > now + allowedSkew) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

const undecodable = () => new ApiError(401, "A JSON web token could not be decoded");
const badExpiry = () =>
  new ApiError(
    401,
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  );
