import type { Fate } from "./worker/thread.ts";
import type { Person } from "./world/world.ts";

/** What a merge brings. */
export const changes = [
  "plain",
  "broken",
  "flaky",
  "sick",
  "deadly",
  "razing",
  "orphaning",
  "asks-first",
  "only-looks",
  "unreadable-policy",
  "bob-may",
  "rolls-back",
  "provisions",
  "shaky",
  "no-app",
] as const;
export type Change = (typeof changes)[number];

/** What people move `current` to. */
export const destinations = [
  "earlier-commit",
  "earlier-record",
  "again",
  "head",
  "before-head",
  "stray",
  "blob",
  "as-before",
  "look",
  "mumble",
  "nothing",
] as const;
export type Destination = (typeof destinations)[number];

/** What somebody who may write tags does to Waymark's own. */
export const tamperings = [
  "delete-record",
  "delete-old-record",
  "move-record",
  "delete-attempt",
  "move-attempt",
  "replay-attempt",
  "settle-attempt",
  "take-next-number",
  "replay-record",
  "forge-record",
  "forge-current",
  "forge-attempt",
  "unforge",
] as const;
export type Tampering = (typeof tamperings)[number];

/** How a webhook fares: heard; heard by half, so that it counts as failed; not heard; never even sent. */
export type Passage = "well" | "by-half" | "not" | "never";

/** One thing that happens. Every history is a list of these; one that can't happen is passed over. */
export type Step =
  | { readonly do: "merge"; readonly env: string; readonly change: Change }
  /** The head of the environment that comes first goes to this one's branch. */
  | { readonly do: "promote"; readonly env: string }
  | { readonly do: "rewrite"; readonly env: string; readonly to: "parent" | "aside" }
  | { readonly do: "move"; readonly env: string; readonly by: Person; readonly to: Destination }
  | { readonly do: "tamper"; readonly env: string; readonly how: Tampering }
  | { readonly do: "freeze" | "thaw"; readonly env: string }
  | { readonly do: "rerun"; readonly env: string; readonly by: Person; readonly on: "head" | "earlier" }
  /** The button that lets a stopped attempt go on, on the newest check run that shows one, or an earlier one. */
  | { readonly do: "let-go-on"; readonly env: string; readonly by: Person; readonly nth: number }
  /** The nth of those that wait. */
  | { readonly do: "deliver"; readonly nth: number; readonly how: Passage }
  /** The nth newest of those that were delivered comes once more. */
  | { readonly do: "deliver-again"; readonly nth: number }
  | { readonly do: "take"; readonly worker: number; readonly env: string }
  /** The nth thing that the run waits to do happens. */
  | {
      readonly do: "go";
      readonly worker: number;
      readonly env: string;
      readonly nth: number;
      readonly fate: Fate;
    }
  | { readonly do: "crash"; readonly worker: number }
  /** The lease of the job is over although its worker may only sleep. */
  | { readonly do: "stall"; readonly env: string }
  /** The later wake-up is due. */
  | { readonly do: "ring"; readonly env: string }
  /** An apply ends whose worker is gone. */
  | { readonly do: "outlive"; readonly env: string; readonly well: boolean }
  | { readonly do: "sweep"; readonly worker: number }
  | { readonly do: "wipe-redis" }
  | { readonly do: "wait"; readonly seconds: number };

/** Where a history begins, and what happens in it. */
export interface History {
  readonly environments: number;
  readonly steps: readonly Step[];
}
