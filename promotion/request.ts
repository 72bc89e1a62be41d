import type { GateResult } from "./gates.ts";
import type { ObjectId } from "./object-id.ts";
import type { RequestOptions } from "./request-options.ts";

/** Who moved `current`, as far as events tell. */
export type RequestAuthor =
  /** `waited`: seconds since the move was first seen. */
  | { readonly known: false; readonly waited: number }
  | {
      readonly known: true;
      readonly login: string;
      /** The delivery that told. */
      readonly event: string;
      /** Permission `maintain` or better now, or named in the policy. */
      readonly allowed: boolean;
    };

/** What is known about a move of `current`. */
export interface RequestFacts {
  readonly author: RequestAuthor;
  /** The commit was deployed to this environment before. */
  readonly deployedBefore: boolean;
  /** The commit is an ancestor of the branch head (or the head itself). */
  readonly ancestorOfHead: boolean;
  /** The promotion gates, judged for the commit. */
  readonly gate: GateResult;
  /** What the tag's message asks for beside the commit; undefined: it can't be read. */
  readonly options: RequestOptions | undefined;
}

export type RefusalReason =
  | "not-a-commit"
  | "author-unknown"
  | "not-permitted"
  | "not-deployable"
  | "options-unreadable";

export type RequestVerdict =
  | {
      readonly verdict: "obey";
      readonly commit: ObjectId;
      readonly event: string;
      readonly by: string;
      readonly options: RequestOptions;
    }
  | { readonly verdict: "wait" }
  | {
      readonly verdict: "refuse";
      readonly reason: RefusalReason;
      readonly event?: string;
      readonly by?: string;
    };

/** How long an author may stay unknown, in seconds: a move can be seen before its webhook arrives. */
export const authorGraceSeconds = 60;

/** May this move of `current` be carried out? */
export function judgeRequest(commit: ObjectId | undefined, facts: RequestFacts): RequestVerdict {
  const { author } = facts;
  if (!author.known) {
    if (commit === undefined) return { verdict: "refuse", reason: "not-a-commit" };
    if (author.waited < authorGraceSeconds) return { verdict: "wait" };
    return { verdict: "refuse", reason: "author-unknown" };
  }
  const told = { event: author.event, by: author.login };
  if (commit === undefined) return { verdict: "refuse", reason: "not-a-commit", ...told };
  if (!author.allowed) return { verdict: "refuse", reason: "not-permitted", ...told };
  const deployable = facts.deployedBefore || (facts.ancestorOfHead && facts.gate.passes);
  if (!deployable) return { verdict: "refuse", reason: "not-deployable", ...told };
  if (facts.options === undefined) return { verdict: "refuse", reason: "options-unreadable", ...told };
  return { verdict: "obey", commit, ...told, options: facts.options };
}

/** Where a move of `current` is answered: on the commit it asks for or, where that is none, where people look. */
export function answerCommit(
  asked: ObjectId | undefined,
  last: ObjectId | undefined,
  head: ObjectId,
): ObjectId {
  return asked ?? last ?? head;
}
