import { readFileSync } from "node:fs";

/** What the repository itself decides about a release: the content of `release.json`. */
export interface Release {
  readonly version: string;
  /** Whether `/healthz` answers 200; a release that says false shows what a failing deployment looks like. */
  readonly healthy: boolean;
}

/** Everything that the synthesized output depends on. */
export interface Settings extends Release {
  readonly environment: string;
  /** TCP port on the loopback interface. */
  readonly port: number;
}

/** Reads the release and the environment's variables. Throws an `Error` that says what to correct where. */
export function readSettings(): Settings {
  const environment = process.env.WAYMARK_ENVIRONMENT;
  if (environment === undefined || environment === "") {
    throw new Error("WAYMARK_ENVIRONMENT is missing: say which environment to synthesize, for example dev.");
  }
  return { environment, port: readPort(environment), ...readRelease() };
}

function readPort(environment: string): number {
  const text = process.env.PORT ?? "";
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(
    `PORT must be a port number from 1 to 65535: set environments.${environment}.variables.PORT in .github/waymark.yml.`,
  );
}

function readRelease(): Release {
  const release: unknown = JSON.parse(readFileSync("release.json", "utf8"));
  if (isRelease(release)) return { version: release.version, healthy: release.healthy };
  throw new Error('release.json must look like { "version": "1.0.0", "healthy": true }.');
}

// The version becomes part of Terraform's configuration, where ${ would start an expression.
function isRelease(value: unknown): value is Release {
  if (typeof value !== "object" || value === null || !("version" in value) || !("healthy" in value))
    return false;
  return (
    typeof value.version === "string" &&
    /^[\w.+-]+$/.test(value.version) &&
    typeof value.healthy === "boolean"
  );
}
