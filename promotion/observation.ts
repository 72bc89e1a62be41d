import type { StoredAttempt } from "./attempt.ts";
import type { Environment } from "./environment.ts";
import type { GateResult } from "./gates.ts";
import type { ObjectId } from "./object-id.ts";
import type { StoredRecord } from "./record.ts";
import type { RequestFacts } from "./request.ts";

/** What `deploy/<environment>/attempt` holds. */
export type Journal =
  | { readonly state: "absent" }
  /** The tag object of the latest record: nothing is unfinished. */
  | { readonly state: "settled" }
  | ({ readonly state: "written" } & StoredAttempt)
  /** Not an authentic attempt of this environment. */
  | { readonly state: "foreign"; readonly object: ObjectId };

/** What `deploy/<environment>/current` points at. */
export interface CurrentPointer {
  readonly object: ObjectId;
  /** The commit behind it; undefined: a tree, a blob or a tag of one. */
  readonly commit: ObjectId | undefined;
}

/** A click that asks for something, as far as it was judged. */
export interface Click {
  readonly by: string;
  readonly allowed: boolean;
  /** The deliveries of all clicks that this look knew of: whoever clicked later is judged by the next one. */
  readonly heard?: readonly string[] | undefined;
}

/** A re-run that somebody asked for on the branch head. */
export interface Rerun extends Click {
  /** Without caches. */
  readonly force?: boolean | undefined;
}

/** Somebody's word that the very attempt in the journal, which waits for it, may go on. */
export type GoAhead = Click;

/** What only a look into the history tells. */
export interface HeadFacts {
  /** The head descends from the recorded branch head (or there is none). */
  readonly descends: boolean;
  readonly gate: GateResult;
  /** There is a `cdktf.json`: a branch without one has nothing to deploy. */
  readonly hasApp: boolean;
}

/** One look at an environment of a repository: plain values, from the remote's refs and what they point at. */
export interface Observation {
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** H: the head of the branch that the environment follows. */
  readonly head: ObjectId | undefined;
  /** C: undefined when the ref is missing. */
  readonly current: CurrentPointer | undefined;
  /** A. */
  readonly journal: Journal;
  /** L: the newest authentic record. */
  readonly last: StoredRecord | undefined;
  /** The tag of L is missing or holds something else: its full ref and what it holds now. */
  readonly displaced?: { readonly ref: string; readonly holds: ObjectId | undefined } | undefined;
  /** Fingerprint of a key that signed a record or attempt here and is not trusted. */
  readonly unknownKey?: string | undefined;
  readonly frozen: boolean;
  /** Who holds an on-command environment; undefined: nobody, or who asks. */
  readonly claimedBy?: string | undefined;
  readonly rerun?: Rerun | undefined;
  readonly goAhead?: GoAhead | undefined;
  /** Present exactly when `current` holds something else than L's object. */
  readonly request?: RequestFacts | undefined;
  /** Not looked at by the rules while the head is the recorded one and nobody asks for a re-run. */
  readonly headFacts: HeadFacts;
}
