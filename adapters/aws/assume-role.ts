import { WaymarkError } from "../../promotion/failure.ts";
import type { AwsKeys } from "./keys.ts";
import { type Patience, patience } from "./patience.ts";
import { isRefusal } from "./refusal.ts";
import { type Phase, type SessionOwner, sessionRequest } from "./session-request.ts";

/** Gives the keys of who takes a role. */
export type Identity = () => Promise<Pick<AwsKeys, "accessKeyId" | "secretAccessKey" | "sessionToken">>;

/**
 * Takes the role of a phase. Unless told, the worker's own identity is what AWS's clients find: web identity, a
 * container's or a machine's role. STS is asked in the environment's region. `step`: seconds.
 * Errors (service): `role-refused` (credentials), `sts-unreachable` (transient).
 */
export async function assumeRole(
  owner: SessionOwner,
  phase: Phase,
  step: number,
  identity?: Identity,
  requestHandler: Patience = patience,
): Promise<AwsKeys> {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { region } = owner.access;
  const client = new STSClient({ region, requestHandler, ...(identity && { credentials: identity }) });
  const request = sessionRequest(owner, phase, step);
  try {
    const { Credentials } = await client.send(new AssumeRoleCommand(request));
    return {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
      expiresAt: Credentials?.Expiration?.getTime() ?? 0,
      region,
    };
  } catch (error) {
    throw explained(request.RoleArn ?? "", error);
  } finally {
    client.destroy();
  }
}

/** AWS's own texts name who asked and what for; they hold no secret. */
function explained(role: string, cause: unknown): WaymarkError {
  const told = cause instanceof Error ? `${cause.name}: ${cause.message.replace(/\.$/, "")}` : String(cause);
  if (isRefusal(cause)) {
    return new WaymarkError({
      code: "role-refused",
      source: "service",
      class: "credentials",
      message: `AWS does not let the worker take ${role}: ${told}.`,
      next: "Look whether the worker runs as the service that core.yml names, then: npm run core -- verify",
      cause,
    });
  }
  return new WaymarkError({
    code: "sts-unreachable",
    source: "service",
    class: "transient",
    message: `AWS could not be asked for ${role}: ${told}.`,
    next: "Look whether the worker has an identity on AWS, and whether it can reach STS in that region.",
    cause,
  });
}
