import { createHash } from "node:crypto";
import type {
  DeploymentRunner,
  RunHooks,
  RunInput,
  RunOutcome,
} from "../../../jobs/verbs/deployment-runner.ts";
import type { Attempt } from "../../../promotion/attempt.ts";
import type { Failure } from "../../../promotion/failure.ts";
import type { Stop } from "../../../promotion/stop.ts";

/** What was really applied, and out of which sealed bytes (undefined: synthesized anew). */
export interface Applied {
  readonly environment: string;
  readonly commit: string;
  readonly kind: Attempt["kind"];
  readonly bundle: string | undefined;
}

/** One run as a test plays it; `apply` notes that something was applied. */
export type Play = (input: RunInput, hooks: RunHooks, apply: () => void) => Promise<RunOutcome>;

/** Stands for synth and Terraform: takes no time, and does what a test says. */
export interface FakeRunner extends DeploymentRunner {
  /** Oldest first. */
  readonly applied: readonly Applied[];
  /** How many runs were started. */
  readonly started: () => number;
  /** How often room was made. */
  readonly tidied: () => number;
  /** What the coming runs do, one after another; all later ones succeed. */
  readonly plays: Play[];
}

export function createFakeRunner(): FakeRunner {
  const applied: Applied[] = [];
  const plays: Play[] = [];
  let started = 0;
  let tidied = 0;
  return {
    applied,
    plays,
    started: () => started,
    tidied: () => tidied,
    tidy: async () => {
      tidied += 1;
    },
    run: async (input, hooks) => {
      await hooks.begun();
      started += 1;
      const { environment, commit, kind } = input.attempt;
      const apply = () => void applied.push({ environment, commit, kind, bundle: input.bundle });
      return await (plays.shift() ?? succeed)(input, hooks, apply);
    },
  };
}

/** Plan, fence, apply: as it should be. */
export const succeed: Play = async (input, hooks, apply) => {
  await hooks.fence();
  apply();
  return appliedOutcome(input);
};

export function appliedOutcome({ attempt, bundle }: RunInput): RunOutcome {
  return {
    result: "applied",
    bundle: bundle ?? createHash("sha256").update(`bundle of ${attempt.commit}`).digest("hex"),
    plan: createHash("sha256").update(`plan of ${attempt.commit}`).digest("hex"),
    details: "one stack applied",
  };
}

/** Goes well, but something happens between plan and apply. */
export function meanwhile(what: () => Promise<unknown>): Play {
  return async (input, hooks, apply) => {
    await what();
    await hooks.fence();
    apply();
    return appliedOutcome(input);
  };
}

/** Fails after having applied something. */
export function failWith(failure: Partial<Failure> = {}): Play {
  return async (_, hooks, apply) => {
    await hooks.fence();
    apply();
    return { result: "failed", failure: { ...broken, ...failure }, details: "one stack failed" };
  };
}

/** Stops without having applied anything. */
export function stopWith(stop: Partial<Stop> & Pick<Stop, "code">): Play {
  const why = { message: `it is ${stop.code}`, next: "Decide.", ...stop };
  return async () => ({ result: "stopped", stop: why, details: "one stack planned" });
}

export const broken: Failure = {
  code: "apply-failed",
  source: "user",
  class: "code",
  message: "the bucket is on fire",
  next: "Put it out.",
};
