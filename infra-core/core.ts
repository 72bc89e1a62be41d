import type { Identity } from "../adapters/aws/assume-role.ts";

/** How a verb ended. `declined`: what it would do was not approved, and nothing was changed. */
export type CoreResult = "done" | "unchanged" | "declined";

/** One thing that was proved, or that is wrong. */
export interface Finding {
  readonly ok: boolean;
  /** What was looked at, and what was found. */
  readonly text: string;
}

/** A core stack, whatever its target: what the verbs of the command do with it. */
export interface Core {
  /** What an apply would change, as Terraform shows it; undefined: nothing. */
  plan(): Promise<string | undefined>;
  /** Makes it what the configuration says, and writes the registry. Killed at any time, applying again completes it. */
  apply(): Promise<CoreResult>;
  /** Proves that it does what it is for. */
  verify(): Promise<readonly Finding[]>;
  /** Writes the registry again, from what is applied. */
  writeRegistry(): Promise<void>;
  /** Takes away all that was made. Error (user): `core-in-use` while an environment holds resources. */
  destroy(): Promise<CoreResult>;
  /** Where the registry is. */
  readonly registry: string;
  /** Who the admin is in an environment's account; undefined: whom AWS's clients find. */
  identityIn(environment: string): Identity | undefined;
}

/** What a core needs of the command that uses it. */
export interface CoreTools {
  /** The Terraform or OpenTofu program. */
  readonly terraform: string;
  /** Shown what is about to be changed; only true lets it be done. */
  approve(plan: string): Promise<boolean>;
  /** Told, line by line, what is going on. */
  report(line: string): void;
  /** Aborted when somebody wants it to end: Terraform is told once, and waited for. */
  readonly signal: AbortSignal;
}
