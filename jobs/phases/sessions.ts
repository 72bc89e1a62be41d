import { assumeRole } from "../../adapters/aws/assume-role.ts";
import { keysEnvironment, secretsOf } from "../../adapters/aws/keys.ts";
import { longestStep } from "../../adapters/aws/lifetime.ts";
import { type DeploymentSessions, deploymentSessions } from "../../adapters/aws/sessions.ts";
import { createRedactor, type Redactor } from "../../adapters/redact/redact.ts";
import { backendEnvironment, backendSecrets } from "../../adapters/terraform/backend-environment.ts";
import type { TerraformTools } from "../../adapters/terraform/workspace.ts";
import { looksOnly } from "../../promotion/mode.ts";
import type { Deadline } from "./deadline.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";

/** What a deployment may do on AWS, and what it must never tell. */
export interface OpenSessions {
  /** Undefined: its binding names no roles. */
  readonly sessions: DeploymentSessions | undefined;
  /** Masks the credentials of its backend too, and the keys of all of its sessions, those that are over among them. */
  readonly redact: Redactor;
}

/** Takes no role yet: that happens when a step needs its keys. */
export function openSessions(
  { attemptId, binding, environment, mode, number, repository }: DeploymentInput,
  { redact, variables }: Pick<DeploymentTools, "redact" | "variables">,
): OpenSessions {
  const { aws: access } = binding;
  const secrets = backendSecrets(binding.backend, variables);
  let mask = createRedactor(secrets);
  const maskAll: Redactor = (text) => redact(mask(text));
  if (access === undefined) return { sessions: undefined, redact: maskAll };
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
    // Where nothing is applied, there won't be a deployment of that number.
    deployment: looksOnly(mode) ? mode : String(number),
    attempt: attemptId,
  };
  return { sessions: deploymentSessions(owner, take), redact: maskAll };
}

/** What reads a state has this many seconds, also when the deployment's own time is over. */
const shortestStep = 60;

/** So long before the keys end, a program is asked to: it must still be able to store what it has done. Milliseconds. */
const lastCall = 60_000;

/**
 * What a process that starts now needs to reach its environment: its backend's credentials, and keys. Those live as long
 * as the deployment may still take. No session lives longer than an hour: a step that takes longer than that is stopped in
 * time, and goes on with new keys.
 */
export function credentialsFor(
  { binding: { backend } }: DeploymentInput,
  sessions: DeploymentSessions | undefined,
  { left }: Pick<Deadline, "left">,
  { variables }: Pick<DeploymentTools, "variables">,
): TerraformTools["credentials"] {
  return async (purpose) => {
    const own = backendEnvironment(backend, variables);
    if (sessions === undefined) return { variables: own, until: undefined };
    const seconds = Math.min(longestStep, Math.max(shortestStep, left() / 1000));
    // Whatever its keys' time, the apply that left something to rescue could not use them any more.
    if (purpose === "rescue") sessions.renew();
    const keys = await sessions.keysFor(purpose === "read" ? "plan" : "apply", seconds);
    return { variables: { ...own, ...keysEnvironment(keys, variables) }, until: keys.expiresAt - lastCall };
  };
}
