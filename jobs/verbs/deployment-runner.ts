import type { Attempt } from "../../promotion/attempt.ts";
import type { Failure } from "../../promotion/failure.ts";
import type { EnvironmentPolicy } from "../../promotion/policy.ts";
import type { Stop } from "../../promotion/stop.ts";
import type { Session } from "../session.ts";

/** One run of the phases. */
export interface RunInput {
  readonly session: Session;
  readonly attempt: Attempt;
  /** Of the deployment that the attempt becomes. */
  readonly number: number;
  readonly policy: EnvironmentPolicy;
  /** The sealed bytes that ran before, to be applied again; undefined: synthesize the commit. */
  readonly bundle: string | undefined;
}

export interface RunHooks {
  /**
   * Called before anything but checkout and synth. Rejects when the attempt never was in the journal; nothing of the
   * run may be left then.
   */
  begun(): Promise<void>;
  /** Aborted as soon as that is known. */
  readonly lost: AbortSignal;
  /** Called before each apply; what it throws ends the run and passes through. */
  fence(): Promise<void>;
  /** Markdown. */
  progress(markdown: string): void;
}

/** `details`: Markdown about what was done, for the check run. */
export type RunOutcome =
  | {
      readonly result: "applied";
      readonly bundle: string;
      readonly plan: string;
      /** Provisioning stacks that failed for a passing reason and are owed another try. */
      readonly postponed?: readonly string[];
      readonly details: string;
    }
  | { readonly result: "stopped"; readonly stop: Stop; readonly details: string }
  | {
      readonly result: "failed";
      readonly failure: Failure;
      /** It was tried again already, as often as may help. */
      readonly exhausted?: boolean | undefined;
      readonly details: string;
    };

/** Runs the phases of an attempt, from the commit to what is applied and verified. Knows no refs. */
export interface DeploymentRunner {
  run(input: RunInput, hooks: RunHooks): Promise<RunOutcome>;
  /** Makes room on this machine, once an attempt has ended and everybody was told. Never rejects. */
  tidy(session: Session): Promise<void>;
}
