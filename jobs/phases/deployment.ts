import type { Logger } from "../../adapters/log/logger.ts";
import type { Variables } from "../../adapters/process/environment.ts";
import type { LocalPlace } from "../../adapters/registry/places.ts";
import type { Binding } from "../../adapters/registry/schema.ts";
import type { Sandbox } from "../../adapters/sandbox/sandbox.ts";
import type { TerraformBinary } from "../../adapters/terraform/binary.ts";
import type { StackOutput } from "../../adapters/terraform/outcome.ts";
import type { ProviderMirror } from "../../adapters/terraform/provider-mirror.ts";
import type { Failure } from "../../promotion/failure.ts";
import type { Mode, RunOptions } from "../../promotion/mode.ts";
import type { EnvironmentPolicy } from "../../promotion/policy.ts";
import type { Remark } from "../../promotion/report/remarks.ts";
import type { StackLine } from "../../promotion/report/stacks.ts";
import type { Stop } from "../../promotion/stop.ts";

/** Everything that decides what a deployment does. */
export interface DeploymentInput {
  /** Object id of the attempt; becomes the output `waymark_attempt` of every stack it applies. */
  readonly attemptId: string;
  /** Of the deployment that it becomes; its sessions on AWS are called after that. */
  readonly number: number;
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  readonly environment: string;
  readonly commit: string;
  /** Where `DeploymentIo.checkout` puts the commit's files; undefined when a stored bundle is given. */
  readonly worktree: string | undefined;
  /** Object id of the commit's tree: what was once synthesized from it is used again. Undefined: not known. */
  readonly tree: string | undefined;
  /** Digest of the bundle to apply again; undefined: synthesize the worktree. */
  readonly bundle: string | undefined;
  readonly binding: Pick<Binding, "backend" | "artifacts" | "aws" | "forbids">;
  /** Names of what other bindings were given: no stack may hold one. */
  readonly foreignPlaces: readonly string[];
  /** The environment's bundles, notes and states that could not be stored, on this machine. */
  readonly store: LocalPlace;
  readonly policy: EnvironmentPolicy;
  readonly mode: Mode;
  /** Trust no cache. */
  readonly force: boolean;
  /** Digests of the plans that delete or replace something and may do so. */
  readonly approved: ReadonlySet<string>;
  /** Which stacks are run, all others being left as they are; undefined: all. Undefined when it supersedes anything. */
  readonly scope: RunOptions["scope"];
  /** The wish of a person that this carries out, different for each; undefined: nobody asked for it. */
  readonly asked: string | undefined;
  /** Whether unchanged stacks are applied too, which makes any older saved plan stale. */
  readonly supersedes: boolean;
  /** Private to this attempt; see `runDirectory()`. */
  readonly runDirectory: string;
}

/** How a deployment talks to its caller while it runs. */
export interface DeploymentIo {
  /** Awaited between synth and all that touches the environment. What comes of a deployment counts only if it fulfils. */
  begun(): Promise<void>;
  /** Throws when the world has moved on: the error passes through `deploy()` unchanged. */
  fence(): Promise<void>;
  progress(event: DeploymentProgress): void;
  /** A phase is over, whether it went well or not. One may come again. */
  took(phase: Phase, milliseconds: number): void;
  /** Puts the commit's files into the worktree, once, however often it is called: only when something needs them. */
  checkout(): Promise<void>;
  /** Something that the deployment's check run should say, too. */
  remark(remark: Remark): void;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface DeploymentTools {
  readonly terraform: TerraformBinary;
  readonly sandbox: Sandbox;
  /** WAYMARK_HOME, absolute. */
  readonly home: string;
  /** The worker's own environment variables, of which children get an allow-list. */
  readonly variables: Variables;
  /** Where providers come from; undefined: their registries. */
  readonly providerMirror?: ProviderMirror | undefined;
  /** Milliseconds before a stack is tried again that failed for a passing reason; grows from there. Default: 2000. */
  readonly backoff?: number | undefined;
  /** Masks secrets in every text that leaves. */
  readonly redact: (text: string) => string;
}

export type Phase = "checkout" | "synth" | "init" | "validate" | "plan" | "apply" | "verify";

export interface DeploymentProgress {
  readonly phase: Phase;
  /** Undefined: the phase as a whole. */
  readonly stack?: string;
  /** Resources done and planned, while a stack is applied. */
  readonly done?: number;
  readonly total?: number;
  /** Milliseconds until a stack is tried again that failed for a passing reason. */
  readonly waiting?: number;
}

/** What became of one stack. */
export interface StackReport extends StackLine {
  /** After an apply; CDKTF's own cross-stack outputs and Waymark's are left out. */
  readonly outputs?: readonly StackOutput[];
}

export type DeploymentOutcome =
  | {
      readonly kind: "applied";
      /** Digest of the bundle that was applied, stored and ready for a rollback. */
      readonly bundle: string;
      /** Digest over what was planned. */
      readonly plan: string;
      readonly stacks: readonly StackReport[];
    }
  | { readonly kind: "stopped"; readonly stop: Stop; readonly stacks: readonly StackReport[] }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      /** It was tried again already as often as the policy lets it be: the same, tried later, is another deployment. */
      readonly exhausted?: boolean | undefined;
      readonly stacks: readonly StackReport[];
    };
