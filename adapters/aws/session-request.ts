import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import type { Backend, S3Place } from "../registry/places.ts";
import type { AwsAccess, Binding } from "../registry/schema.ts";
import { durationFor } from "./lifetime.ts";
import { artifactPolicy, sessionPolicy } from "./session-policy.ts";
import { sessionTags } from "./session-tags.ts";

/**
 * What a session is for. `plan` only looks. `artifacts` is the apply role with nothing left but to store bundles and logs:
 * no program of a repository's ever gets its keys.
 */
export type Phase = "plan" | "apply" | "artifacts";

/** A deployment that needs sessions. */
export interface SessionOwner {
  readonly binding: Pick<Binding, "environment" | "backend" | "artifacts">;
  readonly access: AwsAccess;
  /** `owner/name`, as the registry spells it. */
  readonly repository: string;
  /** The deployment's number, or what else the sessions are for. */
  readonly deployment: string;
  /** The attempt's own id; undefined: the sessions are not for one. */
  readonly attempt?: string;
}

/** What to ask STS for. `step`: how long the step may take that gets the keys, in seconds. */
export function sessionRequest(
  { binding, access, repository, deployment, attempt }: SessionOwner,
  phase: Phase,
  step: number,
): AssumeRoleCommandInput {
  const role = phase === "plan" ? access.planRole : access.applyRole;
  const policy = policyFor(binding, phase, partitionOf(role));
  return {
    RoleArn: role,
    RoleSessionName: sessionName(binding.environment, deployment, phase),
    ExternalId: access.externalId,
    SourceIdentity: access.sourceIdentity,
    DurationSeconds: durationFor(step),
    Tags: [
      { Key: sessionTags.repository, Value: repository },
      { Key: sessionTags.environment, Value: binding.environment },
      { Key: sessionTags.deployment, Value: attempt === undefined ? deployment : `${deployment}/${attempt}` },
    ],
    ...(policy !== undefined && { Policy: policy }),
  };
}

/** Undefined: there is nothing in S3 to keep apart. */
function policyFor(
  { backend, artifacts }: SessionOwner["binding"],
  phase: Phase,
  partition: string,
): string | undefined {
  if (phase === "artifacts" && isInS3(artifacts)) return artifactPolicy(artifacts, partition);
  const places = [backend, artifacts].filter(isInS3);
  return places.length > 0 ? sessionPolicy(places, partition) : undefined;
}

const isInS3 = (place: Backend): place is S3Place => place.type === "s3";

const partitionOf = (arn: string): string => arn.split(":")[1] ?? "aws";

/** What CloudTrail calls the session: 64 characters at most. */
const sessionName = (...words: readonly string[]): string =>
  ["waymark", ...words]
    .join("-")
    .replaceAll(/[^\w+=,.@-]/g, "-")
    .slice(0, 64);
