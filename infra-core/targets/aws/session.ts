import type { Owner } from "./names.ts";

/**
 * The tags that the worker's sessions carry. Each is required: trust policies refuse a session without them, and what
 * a session may touch follows from them.
 */
export const sessionTags = {
  /** `owner/name`, as the core configuration spells it. */
  repository: "waymark:repository",
  environment: "waymark:environment",
  /** A deployment's number, or what else the session is for. */
  deployment: "waymark:deployment",
} as const;

/** The tag that every resource of an environment carries, the core stack's and the application's. */
export const environmentTag = sessionTags.environment;

/**
 * The caller's repository, filled in by IAM when it decides. `&{` is how Terraform's policy documents write `${`.
 */
export const callersRepository = `&{aws:PrincipalTag/${sessionTags.repository}}`;

/**
 * Not a secret, but different for each environment: a worker that mixes up two environments is refused, even if it
 * has the right to take both roles.
 */
export const externalId = ({ name, environment }: Owner): string => `${name}:${environment}`;

/** What the core stack puts on everything that it makes. */
export const installationTags = (name: string): Record<string, string> => ({ "waymark:installation": name });
