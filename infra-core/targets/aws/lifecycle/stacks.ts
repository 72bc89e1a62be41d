import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoreTools } from "../../../core.ts";
import { type TerraformRun, terraformIn } from "../../../terraform/run.ts";
import type { AwsCoreConfig } from "../config.ts";
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
  /** From now on Terraform may destroy what holds data. */
  allowDestroy(): Promise<void>;
}

/** The admin's own identity on AWS and on GitHub. */
const identities = /^(AWS_|GITHUB_|HTTPS?_PROXY$|NO_PROXY$|https?_proxy$|no_proxy$|SSL_CERT_)/;

/** Synthesizes the stacks into a directory of their own for as long as they are used. */
export async function withStacks<Result>(
  { config, tools, synthesize }: Installation,
  state: OwnState,
  use: (stacks: readonly RunnableStack[]) => Promise<Result>,
): Promise<Result> {
  const outdir = await mkdtemp(join(tmpdir(), "waymark-core-"));
  const { terraform: command, signal, report } = tools;
  try {
    const stacks = await synthesize(config, state, outdir);
    const runnable = stacks.map((stack) => {
      const directory = join(outdir, "stacks", stack.name);
      return {
        ...stack,
        run: terraformIn({ command, directory, signal, report, variables: identities }),
        allowDestroy: () => makeDisposable(join(directory, "cdk.tf.json")),
      };
    });
    return await use(runnable);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

const planFile = "core.tfplan";
const changesPlanned = 2;
/** An apply by another admin, or one that outlived the command that started it, is waited for. */
const patience = "-lock-timeout=20m";

/** A plan as Terraform shows it, saved for `applyPlan`; undefined when nothing is to be done. */
export async function planStack({ run }: RunnableStack): Promise<string | undefined> {
  await run(["init", "-no-color", "-input=false"]);
  const args = ["plan", "-no-color", patience, "-detailed-exitcode", `-out=${planFile}`];
  const { output, exitCode } = await run(args, [0, changesPlanned]);
  return exitCode === changesPlanned ? output : undefined;
}

/** Applies exactly the plan that was saved. */
export async function applyPlan({ run }: RunnableStack): Promise<void> {
  await run(["apply", "-no-color", patience, planFile]);
}
