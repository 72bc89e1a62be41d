import { readFileSync } from "node:fs";
import { type Sizes, sizesOf } from "./sizes.ts";

/** Everything that the synthesized output depends on. */
export interface Settings {
  readonly environment: string;
  readonly sizes: Sizes;
  readonly region: string;
  /** The name under which people reach the service; the admin points it at the load balancer. */
  readonly host: string;
  /** ARN of the certificate for that name. */
  readonly certificate: string;
  /** The environment's image repository, and the digest of the image in it: a digest is always the same image. */
  readonly images: string;
  readonly image: string;
  /** Path and name of the policy that bounds every role made here. */
  readonly boundary: string;
}

// Shapes that leave no room for ${ or %{, which would start an expression in Terraform's configuration.
const variables = {
  REGION: /^[a-z]{2}(-[a-z]+)+-[0-9]$/,
  HOST: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  CERTIFICATE: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[\w-]+$/,
  IMAGES: /^[a-z0-9][a-z0-9._/-]*$/,
  BOUNDARY: /^[\w+=,.@/-]+$/,
} as const;

/** Reads the release and the environment's variables. Throws an `Error` that says what to correct where. */
export function readSettings(): Settings {
  const environment = process.env.WAYMARK_ENVIRONMENT;
  if (environment === undefined || environment === "") {
    throw new Error("WAYMARK_ENVIRONMENT is missing: say which environment to synthesize, for example dev.");
  }
  const read = (name: keyof typeof variables) => readVariable(environment, name);
  return {
    environment,
    sizes: sizesOf(environment),
    region: read("REGION"),
    host: read("HOST"),
    certificate: read("CERTIFICATE"),
    images: read("IMAGES"),
    boundary: read("BOUNDARY"),
    image: readImage(),
  };
}

function readVariable(environment: string, name: keyof typeof variables): string {
  const text = process.env[name] ?? "";
  if (variables[name].test(text)) return text;
  throw new Error(
    `${name} is missing or has the wrong shape: set environments.${environment}.variables.${name} in .github/waymark.yml.`,
  );
}

function readImage(): string {
  const release: unknown = JSON.parse(readFileSync("release.json", "utf8"));
  if (typeof release === "object" && release !== null && "image" in release) {
    const { image } = release;
    if (typeof image === "string" && /^sha256:[0-9a-f]{64}$/.test(image)) return image;
  }
  throw new Error('release.json must look like { "image": "sha256:…" }, with the digest of a pushed image.');
}
