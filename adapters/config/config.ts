import path from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { absoluteAddress } from "../registry/address.ts";
import { parsePublicKeys } from "../signing/keys.ts";
import { isProviderMirror } from "../terraform/provider-mirror.ts";
import { type AppConfig, readCredentials } from "./credentials.ts";
import { isPrivateKey, plainPem } from "./pem.ts";

export type { AppConfig } from "./credentials.ts";

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `must be from ${minimum} to ${maximum}`);

const url = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be a URL such as ${example}` });

const signingKey = z
  .string()
  .transform((text) => plainPem(text) ?? "")
  .refine((pem) => isPrivateKey(pem, "ed25519"), {
    error: "holds no ed25519 private key; make one with: openssl genpkey -algorithm ed25519",
  });

const publicKeys = z.string().refine(arePublicKeys, {
  error: 'must hold keys such as "ssh-ed25519 AAAA…", one a line or separated by commas',
});

function arePublicKeys(text: string): boolean {
  try {
    return parsePublicKeys(text).length >= 0;
  } catch {
    return false;
  }
}

/** GitHub's own address; an Enterprise Server or a local one is named as it is. */
const publicApi = "https://api.github.com";

const schema = z.object({
  APP_ID: z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/, "must be the App's number")
    .optional(),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: z.string().min(1, "must not be empty").optional(),
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(3000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  WAYMARK_GITHUB_API_URL: url(/^https?$/, publicApi).default(publicApi),
  WAYMARK_REDIS_URL: url(/^rediss?$/, "redis://127.0.0.1:6379").optional(),
  WAYMARK_HOME: z.string().min(1).default(".waymark"),
  WAYMARK_REGISTRY: z.string().min(1).optional(),
  WAYMARK_TERRAFORM: z.string().min(1).optional(),
  WAYMARK_PROVIDER_MIRROR: z
    .string()
    .refine(isProviderMirror, "must be a directory, or an https address without user and password")
    .optional(),
  WAYMARK_CONCURRENCY: wholeNumber(1, 100).default(4),
  WAYMARK_SWEEP_SECONDS: wholeNumber(1, 86_400).default(300),
  WAYMARK_CACHE_BYTES: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(2 * 1024 ** 3),
  WAYMARK_BUNDLES: wholeNumber(1, 10_000).default(50),
  WAYMARK_SIGNING_KEY: signingKey.optional(),
  WAYMARK_TRUSTED_KEYS: publicKeys.default(""),
  WAYMARK_SANDBOX: z.enum(["auto", "required", "off"]).default("auto"),
});

export interface Config {
  /** Undefined: not registered yet, so the set-up page is served. */
  readonly app: AppConfig | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: z.output<typeof schema>["LOG_LEVEL"];
  /** Undefined: an embedded one. */
  readonly redisUrl: string | undefined;
  /** Absolute. */
  readonly home: string;
  /** The core registry's address: an absolute path, `s3://…` or `ssm://…`. */
  readonly registry: string;
  readonly terraform: string | undefined;
  /** An absolute directory or an address; undefined: providers come from their registries. */
  readonly providerMirror: string | undefined;
  readonly concurrency: number;
  readonly sweepSeconds: number;
  /** How much is kept: bytes of all caches, and bundles of each environment of each repository. */
  readonly limits: { readonly cacheBytes: number; readonly bundles: number };
  /** PEM. */
  readonly signingKey: string | undefined;
  readonly trustedKeys: string;
  readonly sandbox: "auto" | "required" | "off";
}

/** Reads the whole configuration once. Throws one error that names every mistake. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = schema.safeParse(withoutEmpty(environment));
  const mistakes = parsed.success
    ? []
    : parsed.error.issues.map(({ path: at, message }) => `${at.join(".")} ${message}`);
  const apiUrl = parsed.data?.WAYMARK_GITHUB_API_URL ?? publicApi;
  const app = readCredentials(environment, apiUrl, mistakes);
  if (!parsed.success || mistakes.length > 0) throw configurationError(mistakes);
  const values = parsed.data;
  const home = path.resolve(values.WAYMARK_HOME);
  return {
    app,
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    redisUrl: values.WAYMARK_REDIS_URL,
    home,
    registry: absoluteAddress(values.WAYMARK_REGISTRY ?? path.join(home, "core", "registry.json")),
    terraform: values.WAYMARK_TERRAFORM,
    providerMirror: values.WAYMARK_PROVIDER_MIRROR && absoluteAddress(values.WAYMARK_PROVIDER_MIRROR),
    concurrency: values.WAYMARK_CONCURRENCY,
    sweepSeconds: values.WAYMARK_SWEEP_SECONDS,
    limits: { cacheBytes: values.WAYMARK_CACHE_BYTES, bundles: values.WAYMARK_BUNDLES },
    signingKey: values.WAYMARK_SIGNING_KEY,
    trustedKeys: values.WAYMARK_TRUSTED_KEYS,
    sandbox: values.WAYMARK_SANDBOX,
  };
}

/** `NAME=` in an env file means: not set. */
function withoutEmpty(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

function configurationError(mistakes: readonly string[]): WaymarkError {
  return new WaymarkError({
    code: "configuration-invalid",
    source: "service",
    class: "configuration",
    message: `The configuration has ${mistakes.length === 1 ? "a mistake" : "mistakes"}: ${mistakes.join("; ")}.`,
    next: "Correct the environment variables and start again; the README lists them all.",
  });
}
