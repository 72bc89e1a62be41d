import { mkdir } from "node:fs/promises";
import { cacheIn } from "../../adapters/cache/entry.ts";
import { childEnvironment } from "../../adapters/process/environment.ts";
import { run } from "../../adapters/process/run.ts";
import { explainRefusal } from "../../adapters/sandbox/refusal.ts";
import type { Mount } from "../../adapters/sandbox/sandbox.ts";
import { withModules } from "../../adapters/synth/modules.ts";
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
  verify: VerifyCommand,
  place: VerifyPlace,
  input: DeploymentInput,
  tools: DeploymentTools,
): Promise<void> {
  await mkdir(place.scratch, { recursive: true, mode: 0o700 });
  const runWith = (modules: readonly Mount[]) => runConfined(verify, place, modules, input, tools);
  // A bundle comes without what its app needed to be synthesized.
  if (input.worktree === undefined) return await runWith([]);
  const { sandbox, home, variables } = tools;
  const options = { cache: cacheIn(home), sandbox, variables, signal: place.signal };
  await withModules(place.directory, options, runWith);
}

async function runConfined(
  { command, within }: VerifyCommand,
  { directory, scratch: scratchDirectory, signal }: VerifyPlace,
  modules: readonly Mount[],
  input: DeploymentInput,
  { sandbox, variables }: DeploymentTools,
): Promise<void> {
  const [file = "", ...args] = command;
  const scratch = await sandbox.scratch(scratchDirectory);
  const checkout: Mount = { path: directory, as: "/workspace", writable: false };
  const cwd = sandbox.place(checkout);
  const clean = childEnvironment(variables, { ...scratch, network: true });
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
    mounts: [...scratch.mounts, checkout, ...modules],
    network: true,
    lifetime: "worker",
  } as const;
  const options = { timeout: within * 1000, signal, failure };
  await run(sandbox.wrap(confined), options).catch((error: unknown) => {
    throw error instanceof WaymarkError ? explainRefusal(error, sandbox, confined) : error;
  });
}

const failure = {
  code: "verification-failed",
  source: "user",
  class: "code",
  message: "The verification that the policy asks for failed",
  next: "Look at what it printed, then push a correction, or retag current to a commit that worked.",
} as const;
