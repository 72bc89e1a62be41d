import { z } from "zod";
import { isEnvironmentName } from "./environment.ts";
import { type Scope, scopes } from "./mode.ts";
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
  /** Who approved what it deleted or replaced. */
  readonly approvedBy?: string | undefined;
  /** The delivery that was served. */
  readonly event?: string | undefined;
  /** Digest of the sealed synth output. */
  readonly bundle?: string | undefined;
  /** Digest of the plan summaries. */
  readonly plan?: string | undefined;
  /** Which stacks it was about; undefined: all. */
  readonly scope?: Scope | undefined;
  /** When provisioning is to run by itself, in milliseconds since 1970: whole seconds. */
  readonly due?: number | undefined;
  readonly postponed?: Postponed | undefined;
}

/** Provisioning stacks that failed for a passing reason, and without which the deployment went on. */
export interface Postponed {
  readonly stacks: readonly string[];
  /** How many deployments in a row had to postpone any, this one included. */
  readonly tries: number;
  /** When they are to be tried again, in milliseconds since 1970: whole seconds. */
  readonly until: number;
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

const second = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/)
  .transform(Date.parse)
  .refine((time) => !Number.isNaN(time), "not a time");

/** Their names hold neither spaces nor anything else that would have to be escaped. */
const stackNames = z
  .string()
  .regex(/^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$/)
  .transform((text) => text.split(" "));

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
  "Approved-By": z.string().optional(),
  Event: z.string().optional(),
  Bundle: z.string().optional(),
  Plan: z.string().optional(),
  Scope: z.enum(scopes).optional(),
  Due: second.optional(),
  Postponed: stackNames.optional(),
  "Postponed-Tries": wholeNumber.optional(),
  "Postponed-Until": second.optional(),
});

/** The tag message of a record: one line for people, trailers for Waymark. */
export function formatRecord(record: DeploymentRecord): string {
  const { environment, number, kind, commit, postponed } = record;
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
    "Approved-By": record.approvedBy,
    Event: record.event,
    Bundle: record.bundle,
    Plan: record.plan,
    Scope: record.scope,
    Due: spellSecond(record.due),
    Postponed: postponed?.stacks.join(" "),
    "Postponed-Tries": postponed && String(postponed.tries),
    "Postponed-Until": spellSecond(postponed?.until),
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
    approvedBy: trailers["Approved-By"],
    event: trailers.Event,
    bundle: trailers.Bundle,
    plan: trailers.Plan,
    scope: trailers.Scope,
    due: trailers.Due,
    postponed: postponedOf(trailers),
  };
}

function spellSecond(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

function postponedOf(trailers: z.output<typeof recordTrailers>): Postponed | undefined {
  const { Postponed: stacks, "Postponed-Tries": tries, "Postponed-Until": until } = trailers;
  if (stacks === undefined || tries === undefined || until === undefined) return undefined;
  return { stacks, tries, until };
}
