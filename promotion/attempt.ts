import { z } from "zod";
import type { Failure } from "./failure.ts";
import { modes, type RunOptions, scopes } from "./mode.ts";
import { type ObjectId, shortId } from "./object-id.ts";
import { type DeploymentKind, deploymentKinds, environmentName, objectId, wholeNumber } from "./record.ts";
import { mostWaits } from "./stop.ts";
import { formatTrailers, parseTrailers } from "./trailers.ts";

/** One try to bring an environment to a commit: what the tag `deploy/<environment>/attempt` journals. */
export interface Attempt extends RunOptions {
  readonly repository: number;
  readonly environment: string;
  readonly commit: ObjectId;
  readonly kind: DeploymentKind;
  /** The tag object of the latest record when it began; undefined: there was none. */
  readonly base?: ObjectId | undefined;
  /** The branch head that it answers; undefined when it answers none (a repair is owed whatever the branch says). */
  readonly head?: ObjectId | undefined;
  /** What its record names as branch head; undefined in attempts that are older than this trailer. */
  readonly branchHead?: ObjectId | undefined;
  readonly event?: string | undefined;
  readonly requestedBy?: string | undefined;
  /** Who approved the plans that it may apply although they delete or replace something. */
  readonly approvedBy?: string | undefined;
  /** The unfinished attempt object that this one replaced. */
  readonly supersedes?: ObjectId | undefined;
  /** Names this attempt in the local journal of the worker that made it. */
  readonly owner: string;
  /** Counts tries of the same commit in a row, from 1: so that nothing is tried for ever. */
  readonly tries: number;
  readonly result: "open" | "failed" | "done";
  /** The record it ended in, once done. */
  readonly record?: ObjectId | undefined;
  /** What went wrong, or why it stopped, once failed: so that a check run can still say it after a crash. */
  readonly failure?: Pick<Failure, "code" | "message" | "next"> | undefined;
  /** Digests of the plans that wait for an approval, once it has stopped for them. */
  readonly waits?: readonly string[] | undefined;
}

export interface StoredAttempt {
  readonly object: ObjectId;
  readonly attempt: Attempt;
}

/** The attempt answers a person who moved `current`. */
export function isAnswer(attempt: Pick<Attempt, "kind" | "event">): boolean {
  return attempt.kind !== "promotion" && attempt.event !== undefined;
}

/** SHA-256, in hexadecimal, separated by spaces. */
const digests = z
  .string()
  .regex(/^[0-9a-f]{64}( [0-9a-f]{64}){0,99}$/)
  .transform((text) => text.split(" "));

/** Plans beyond these ask once more. */
function formatDigests(all: readonly string[] = []): string | undefined {
  return all.length === 0 ? undefined : all.slice(0, mostWaits).join(" ");
}

const attemptTrailers = z.object({
  Repository: wholeNumber,
  Environment: environmentName,
  Commit: objectId,
  Kind: z.enum(deploymentKinds),
  Base: objectId.optional(),
  Head: objectId.optional(),
  "Branch-Head": objectId.optional(),
  Event: z.string().optional(),
  "Requested-By": z.string().optional(),
  "Approved-By": z.string().optional(),
  Supersedes: objectId.optional(),
  Owner: z.string().min(1),
  Tries: wholeNumber,
  Result: z.enum(["open", "failed", "done"]),
  Record: objectId.optional(),
  Failure: z.string().optional(),
  Reason: z.string().optional(),
  Next: z.string().optional(),
  Mode: z.enum(modes).optional(),
  Force: z.literal("yes").optional(),
  Scope: z.enum(scopes).optional(),
  Approved: digests.optional(),
  Waits: digests.optional(),
});

/** A reason longer than this belongs into the check run, not into a tag. */
const maximumReason = 2000;

/** The tag message of an attempt. */
export function formatAttempt(attempt: Attempt): string {
  const { environment, kind, commit, result, failure } = attempt;
  const trailers = formatTrailers({
    Repository: String(attempt.repository),
    Environment: environment,
    Commit: commit,
    Kind: kind,
    Base: attempt.base,
    Head: attempt.head,
    "Branch-Head": attempt.branchHead,
    Event: attempt.event,
    "Requested-By": attempt.requestedBy,
    "Approved-By": attempt.approvedBy,
    Supersedes: attempt.supersedes,
    Owner: attempt.owner,
    Tries: String(attempt.tries),
    Result: result,
    Record: attempt.record,
    Failure: failure?.code,
    Reason: failure?.message.slice(0, maximumReason),
    Next: failure?.next,
    Mode: attempt.mode,
    Force: attempt.force ? "yes" : undefined,
    Scope: attempt.scope,
    Approved: formatDigests(attempt.approved),
    Waits: formatDigests(attempt.waits),
  });
  return `Attempt ${environment}: ${kind} to ${shortId(commit)}, ${result}\n\n${trailers}\n`;
}

/** The attempt that a tag message spells, or undefined when it spells none. Says nothing about who wrote it. */
export function parseAttempt(message: string): Attempt | undefined {
  const parsed = attemptTrailers.safeParse(Object.fromEntries(parseTrailers(message) ?? []));
  if (!parsed.success) return undefined;
  const trailers = parsed.data;
  return {
    repository: trailers.Repository,
    environment: trailers.Environment,
    commit: trailers.Commit,
    kind: trailers.Kind,
    base: trailers.Base,
    head: trailers.Head,
    branchHead: trailers["Branch-Head"],
    event: trailers.Event,
    requestedBy: trailers["Requested-By"],
    approvedBy: trailers["Approved-By"],
    supersedes: trailers.Supersedes,
    owner: trailers.Owner,
    tries: trailers.Tries,
    result: trailers.Result,
    record: trailers.Record,
    failure: failureOf(trailers),
    mode: trailers.Mode,
    force: trailers.Force && true,
    scope: trailers.Scope,
    approved: trailers.Approved,
    waits: trailers.Waits,
  };
}

function failureOf(trailers: z.output<typeof attemptTrailers>): Attempt["failure"] {
  if (trailers.Failure === undefined) return undefined;
  return { code: trailers.Failure, message: trailers.Reason ?? "", next: trailers.Next ?? "" };
}
