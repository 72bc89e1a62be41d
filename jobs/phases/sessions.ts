import { assumeRole } from "../../adapters/aws/assume-role.ts";
import { secretsOf } from "../../adapters/aws/keys.ts";
import { type DeploymentSessions, deploymentSessions } from "../../adapters/aws/sessions.ts";
import { createRedactor, type Redactor } from "../../adapters/redact/redact.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";

/** What a deployment may do on AWS, and what of it must never be told. */
export interface OpenSessions {
  /** Undefined: its binding names no roles. */
  readonly sessions: DeploymentSessions | undefined;
  /** Masks the keys of all of its sessions too, those that are over among them. */
  readonly redact: Redactor;
}

/** Takes no role yet: that happens when a step needs its keys. */
export function openSessions(
  { attemptId, binding, environment, repository }: DeploymentInput,
  { redact }: Pick<DeploymentTools, "redact">,
): OpenSessions {
  const { aws: access } = binding;
  if (access === undefined) return { sessions: undefined, redact };
  const secrets: string[] = [];
  let mask: Redactor = (text) => text;
  const take: typeof assumeRole = async (...request) => {
    const keys = await assumeRole(...request);
    secrets.push(...secretsOf(keys));
    mask = createRedactor(secrets);
    return keys;
  };
  const owner = {
    binding: { ...binding, environment },
    access,
    repository: `${repository.owner}/${repository.name}`,
    deployment: attemptId,
  };
  return { sessions: deploymentSessions(owner, take), redact: (text) => redact(mask(text)) };
}
