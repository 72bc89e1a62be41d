import { z } from "zod";
import { isEnvironmentName } from "./environment.ts";
import { isObjectId, type ObjectId, shortId } from "./object-id.ts";
import { formatTrailers, parseTrailers } from "./trailers.ts";

/** Why an attempt happens. */
export const deploymentKinds = ["promotion", "rollback", "redeploy"] as const;
export type DeploymentKind = (typeof deploymentKinds)[number];

/** A deployment that succeeded: what the tag `deploy/<environment>/<number>` says. */
export interface DeploymentRecord {
  readonly repository: number;
  readonly environment: string;
  readonly number: number;
  readonly commit: ObjectId;
  readonly branch: string;
  /** The branch head seen at that time: what lets a rollback hold until the next merge. */
  readonly branchHead: ObjectId;
  readonly kind: DeploymentKind;
  /** The tag object of the record before this one. */
  readonly previous?: ObjectId | undefined;
  readonly requestedBy?: string | undefined;
  /** The delivery that was served. */
  readonly event?: string | undefined;
  /** Digest of the sealed synth output. */
  readonly bundle?: string | undefined;
  /** Digest of the plan summaries. */
  readonly plan?: string | undefined;
}

/** A record together with the tag object that holds it: identity is the object, never the commit. */
export interface StoredRecord {
  readonly object: ObjectId;
  readonly record: DeploymentRecord;
}

export const objectId = z.string().refine(isObjectId, "not an object id");
export const environmentName = z.string().refine(isEnvironmentName, "not an environment name");
export const wholeNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/)
  .transform(Number);

const recordTrailers = z.object({
  Repository: wholeNumber,
  Environment: environmentName,
  Deployment: wholeNumber,
  Commit: objectId,
  Branch: z.string().min(1),
  "Branch-Head": objectId,
  Kind: z.enum(deploymentKinds),
  Previous: objectId.optional(),
  "Requested-By": z.string().optional(),
  Event: z.string().optional(),
  Bundle: z.string().optional(),
  Plan: z.string().optional(),
});

/** The tag message of a record: one line for people, trailers for Waymark. */
export function formatRecord(record: DeploymentRecord): string {
  const { environment, number, kind, commit } = record;
  const trailers = formatTrailers({
    Repository: String(record.repository),
    Environment: environment,
    Deployment: String(number),
    Commit: commit,
    Branch: record.branch,
    "Branch-Head": record.branchHead,
    Kind: kind,
    Previous: record.previous,
    "Requested-By": record.requestedBy,
    Event: record.event,
    Bundle: record.bundle,
    Plan: record.plan,
  });
  return `Deploy ${environment} ${number}: ${kind} to ${shortId(commit)}\n\n${trailers}\n`;
}

/** The record that a tag message spells, or undefined when it spells none. Says nothing about who wrote it. */
export function parseRecord(message: string): DeploymentRecord | undefined {
  const parsed = recordTrailers.safeParse(Object.fromEntries(parseTrailers(message) ?? []));
  if (!parsed.success) return undefined;
  const trailers = parsed.data;
  return {
    repository: trailers.Repository,
    environment: trailers.Environment,
    number: trailers.Deployment,
    commit: trailers.Commit,
    branch: trailers.Branch,
    branchHead: trailers["Branch-Head"],
    kind: trailers.Kind,
    previous: trailers.Previous,
    requestedBy: trailers["Requested-By"],
    event: trailers.Event,
    bundle: trailers.Bundle,
    plan: trailers.Plan,
  };
}
