import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { childEnvironment } from "../../adapters/process/environment.ts";
import { run } from "../../adapters/process/run.ts";
import { explainRefusal } from "../../adapters/sandbox/refusal.ts";
import type { Mount } from "../../adapters/sandbox/sandbox.ts";
import { readDependencies } from "../../adapters/synth/dependencies.ts";
import { install } from "../../adapters/synth/install.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import type { VerifyCommand } from "../../promotion/policy.ts";
import type { DeploymentInput, DeploymentTools } from "./deployment.ts";

/** Where a verification runs. */
export interface VerifyPlace {
  /** The checkout, or the working copy of the bundle where there is none. */
  readonly directory: string;
  /** A private directory for HOME and TMPDIR. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/**
 * Runs the policy's own command, as confined as the app itself, but with the network: what was deployed is to be asked.
 * It gets `WAYMARK_ENVIRONMENT`, `WAYMARK_COMMIT` and the policy's variables. Error (user): `verification-failed`.
 */
export async function runVerifyCommand(
  { command, within }: VerifyCommand,
  { directory, scratch: scratchDirectory, signal }: VerifyPlace,
  input: DeploymentInput,
  tools: DeploymentTools,
): Promise<void> {
  const [file = "", ...args] = command;
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
  const scratch = await tools.sandbox.scratch(scratchDirectory);
  const checkout: Mount = { path: directory, as: "/workspace", writable: false };
  const cwd = tools.sandbox.place(checkout);
  const clean = childEnvironment(tools.variables, { ...scratch, network: true });
  const confined = {
    file,
    args,
    cwd,
    env: {
      ...input.policy.variables,
      ...clean,
      WAYMARK_ENVIRONMENT: input.environment,
      WAYMARK_COMMIT: input.commit,
      CI: "1",
      PATH: `${cwd}/node_modules/.bin:${clean.PATH}`,
    },
    mounts: [...scratch.mounts, checkout, ...(await modulesOf(directory, input, tools, signal))],
    network: true,
    lifetime: "worker",
  } as const;
  const options = { timeout: within * 1000, signal, failure };
  await run(tools.sandbox.wrap(confined), options).catch((error: unknown) => {
    throw error instanceof WaymarkError ? explainRefusal(error, tools.sandbox, confined) : error;
  });
}

/** In a sandbox the installed dependencies are shown beside the checkout; without one synth has linked them there. */
async function modulesOf(
  directory: string,
  { worktree }: DeploymentInput,
  { sandbox, home, variables }: DeploymentTools,
  signal: AbortSignal,
): Promise<Mount[]> {
  if (worktree === undefined || sandbox.kind === "none") return [];
  const dependencies = await readDependencies(directory);
  if (!dependencies) return [];
  const modules = await install(dependencies, { cache: join(home, "cache"), sandbox, variables, signal });
  return [{ path: modules, as: "/workspace/node_modules", writable: false }];
}

const failure = {
  code: "verification-failed",
  source: "user",
  class: "code",
  message: "The verification that the policy asks for failed",
  next: "Look at what it printed, then push a correction, or retag current to a commit that worked.",
} as const;
