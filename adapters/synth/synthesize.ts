import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { classify } from "../../promotion/classify.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import { childEnvironment, type Variables } from "../process/environment.ts";
import { emptyTree } from "../process/remove-tree.ts";
import { run } from "../process/run.ts";
import { explainRefusal } from "../sandbox/refusal.ts";
import type { ConfinedCommand, Mount, Sandbox } from "../sandbox/sandbox.ts";
import { type AppConfig, readAppConfig } from "./app-config.ts";
import { withModules } from "./modules.ts";
import { tellVersion } from "./terraform-version.ts";

export interface SynthInput {
  /** The worktree. The app may write into it; nothing may trust it afterwards. */
  readonly checkout: string;
  /** An empty directory for what the app synthesizes. */
  readonly output: string;
  /** A private directory for HOME and TMPDIR. */
  readonly scratch: string;
  readonly environment: string;
  /** The policy's variables for this environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Install the dependencies in any case. */
  readonly fresh?: boolean | undefined;
}

export interface SynthTools {
  readonly sandbox: Sandbox;
  /** Where installed dependencies are kept. */
  readonly cache: string;
  /** The worker's own variables, of which an allow-list is passed on. */
  readonly variables: Variables;
  /** Of the Terraform that will apply; undefined: it is another program. */
  readonly terraformVersion?: string | undefined;
}

const timeout = 10 * 60_000;

/**
 * Installs the app's dependencies if it has any, then runs its own command without network or credentials. Gives what
 * it printed. Errors: those of reading `cdktf.json`, installing, and `synth-failed` or what its message is known to mean.
 */
export async function synthesize(input: SynthInput, tools: SynthTools): Promise<string> {
  const { checkout, output, signal, fresh } = input;
  const config = await readAppConfig(checkout);
  return await withModules(checkout, { ...tools, signal, fresh }, async (modules) => {
    await emptyTree(output);
    return await runApp(config, await place(input, modules, tools.sandbox), input, tools);
  });
}

/** Where the app finds its checkout and its output, and everything it may see. */
interface Places {
  readonly checkout: string;
  readonly output: string;
  readonly mounts: readonly Mount[];
}

/** In a sandbox the paths are always the same, so that nothing synthesized depends on the run. */
async function place(input: SynthInput, modules: readonly Mount[], sandbox: Sandbox): Promise<Places> {
  const checkout = { path: input.checkout, as: "/workspace", writable: true };
  const output = { path: input.output, as: "/output", writable: true };
  return {
    checkout: sandbox.place(checkout),
    output: sandbox.place(output),
    mounts: [checkout, output, ...(await hideGit(input)), ...modules],
  };
}

/** Whoever may write the checkout's `.git` decides what the next git command in there runs. */
async function hideGit({ checkout, scratch }: SynthInput): Promise<Mount[]> {
  const stat = await lstat(join(checkout, ".git")).catch(() => undefined);
  if (!stat) return [];
  const empty = join(scratch, "empty");
  await mkdir(empty, { recursive: true });
  return [{ path: stat.isDirectory() ? empty : "/dev/null", as: "/workspace/.git", writable: false }];
}

async function runApp(
  config: AppConfig,
  places: Places,
  input: SynthInput,
  tools: SynthTools,
): Promise<string> {
  const scratch = await tools.sandbox.scratch(input.scratch);
  const clean = childEnvironment(tools.variables, { ...scratch, network: false });
  const programs = await programsFor(input, places, clean.PATH ?? "", tools);
  const [file, ...args] = config.command;
  const command: ConfinedCommand = {
    file,
    args,
    cwd: places.checkout,
    env: { ...input.variables, ...clean, ...appVariables(config, places, input), PATH: programs.PATH },
    mounts: [...scratch.mounts, ...places.mounts, ...programs.mounts],
    network: false,
    lifetime: "worker",
  };
  const options = { timeout, signal: input.signal, failure };
  return await run(tools.sandbox.wrap(command), options).catch((error: unknown) => {
    throw explained(error, tools.sandbox, command);
  });
}

/** What the cdktf command would set, and which environment this is. */
function appVariables(
  { context }: AppConfig,
  places: Places,
  { environment }: SynthInput,
): Record<string, string> {
  return {
    WAYMARK_ENVIRONMENT: environment,
    CDKTF_OUTDIR: places.output,
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
    SYNTH_HCL_OUTPUT: "false",
    CI: "1",
    NODE_OPTIONS: "--max-old-space-size=4096",
  };
}

/** What an app finds on its PATH: its own programs first, then Waymark's, then the worker's. */
async function programsFor(
  input: SynthInput,
  { checkout }: Places,
  path: string,
  { sandbox, terraformVersion }: SynthTools,
): Promise<{ readonly PATH: string; readonly mounts: readonly Mount[] }> {
  const mounts =
    terraformVersion === undefined ? [] : [await tellVersion(input.scratch, terraformVersion, path)];
  const own = mounts.map((mount) => sandbox.place(mount));
  return { PATH: [`${checkout}/node_modules/.bin`, ...own, path].join(":"), mounts };
}

const failure = {
  code: "synth-failed",
  source: "user",
  class: "code",
  message: "Synthesizing the app failed",
  next: "Run the command from cdktf.json on your machine, correct what it reports, then push.",
} as const;

function explained(error: unknown, sandbox: Sandbox, command: ConfinedCommand): unknown {
  if (!(error instanceof WaymarkError)) return error;
  // Without a network nothing in here is transient, whatever it looks like.
  const known = classify(error.message);
  const meant =
    known.class === "code" ? new WaymarkError({ ...known, message: error.message, cause: error }) : error;
  return explainRefusal(meant, sandbox, command);
}
