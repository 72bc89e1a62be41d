import { sessionTags } from "../../../adapters/aws/session-tags.ts";
import type { Owner } from "./names.ts";

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
