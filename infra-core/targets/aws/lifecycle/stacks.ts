import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoreTools } from "../../../core.ts";
import { type TerraformResult, type TerraformRun, terraformIn } from "../../../terraform/run.ts";
import type { AwsCoreConfig } from "../config.ts";
import { openLock } from "../lock/lock-object.ts";
import { withLock } from "../lock/state-lock.ts";
import type { OwnState } from "../stacks/own-state.ts";
import { makeDisposable } from "./disposable.ts";

/** Writes all core stacks into a directory, and names them, each behind those that it needs. */
export type Synthesize = (
  config: AwsCoreConfig,
  state: OwnState,
  outdir: string,
) => Promise<readonly SynthesizedCoreStack[]>;

export interface SynthesizedCoreStack {
  readonly name: string;
  /** The stacks whose outputs it reads. */
  readonly needs: readonly string[];
}

/** What every step needs. */
export interface Installation {
  readonly config: AwsCoreConfig;
  /** Absolute. Keeps the core stack's own state until its bucket exists. */
  readonly directory: string;
  readonly tools: CoreTools;
  readonly synthesize: Synthesize;
}

/** A synthesized stack that Terraform can run on. */
export interface RunnableStack extends SynthesizedCoreStack {
  readonly run: TerraformRun;
  /** The same under the state's lock, whose flags are added. */
  readonly runLocked: TerraformRun;
  /** From now on Terraform may destroy what holds data. */
  allowDestroy(): Promise<void>;
}

/** The admin's own identity on AWS and on GitHub. */
const identities = /^(AWS_|GITHUB_|HTTPS?_PROXY$|NO_PROXY$|https?_proxy$|no_proxy$|SSL_CERT_)/;

/** Synthesizes the stacks into a directory of their own for as long as they are used. */
export async function withStacks<Result>(
  installation: Installation,
  state: OwnState,
  use: (stacks: readonly RunnableStack[]) => Promise<Result>,
): Promise<Result> {
  const { config, tools, synthesize } = installation;
  const outdir = await mkdtemp(join(tmpdir(), "waymark-core-"));
  const { terraform: command, signal, report } = tools;
  try {
    const stacks = await synthesize(config, state, outdir);
    const runnable = stacks.map((stack) => {
      const directory = join(outdir, "stacks", stack.name);
      const run = terraformIn({ command, directory, signal, report, variables: identities });
      return {
        ...stack,
        run,
        runLocked:
          state.type === "bucket" ? lockedInBucket(stack.name, run, installation) : lockedInFile(run),
        allowDestroy: () => makeDisposable(join(directory, "cdk.tf.json")),
      };
    });
    return await use(runnable);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** Minutes. An apply by another admin, or one that outlived the command that started it, is waited for. */
const patience = 20;

/** Nobody keeps such a lock beyond its life: Terraform's own will do. */
const lockedInFile =
  (run: TerraformRun): TerraformRun =>
  ([verb = "", ...args], expected) =>
    run([verb, `-lock-timeout=${patience}m`, ...args], expected);

const lockedInBucket =
  (stack: string, run: TerraformRun, { config, directory, tools }: Installation): TerraformRun =>
  async ([verb = "", ...args], expected): Promise<TerraformResult> => {
    using lock = await openLock(config, stack);
    const { report, signal } = tools;
    const options = { lock, directory, operation: verb, patience: patience * 60_000, report, signal };
    return await withLock(options, (place) => run([verb, "-lock=false", ...args], { ...expected, place }));
  };

const planFile = "core.tfplan";
const changesPlanned = 2;

/** A plan as Terraform shows it, saved for `applyPlan`; undefined when nothing is to be done. */
export async function planStack({ run, runLocked }: RunnableStack): Promise<string | undefined> {
  await run(["init", "-no-color", "-input=false"]);
  const args = ["plan", "-no-color", "-detailed-exitcode", `-out=${planFile}`];
  const { output, exitCode } = await runLocked(args, { exitCodes: [0, changesPlanned] });
  return exitCode === changesPlanned ? output : undefined;
}

/** Applies exactly the plan that was saved. */
export async function applyPlan({ runLocked }: RunnableStack): Promise<void> {
  await runLocked(["apply", "-no-color", planFile]);
}
