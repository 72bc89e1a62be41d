import { join } from "node:path";
import { certificatePaths, childEnvironment, type Variables } from "../process/environment.ts";
import type { ConfinedCommand, Mount, Sandbox } from "../sandbox/sandbox.ts";
import type { TerraformBinary } from "./binary.ts";
import type { PinnedProvider } from "./pinned-providers.ts";
import { usedEntries } from "./provider-entry.ts";
import type { ProviderMirror } from "./provider-mirror.ts";
import type { StateWatch } from "./state-origin.ts";

/** What a process does to an environment and its state. `rescue`: it stores what keys that have ended could not. */
export type Purpose = "read" | "write" | "rescue";

/** What a process gets beside its files to work on an environment. */
export interface Credentials {
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds since 1970: it must have ended by then. Undefined: they don't end. */
  readonly until: number | undefined;
}

/** What every Terraform process needs. */
export interface TerraformTools {
  readonly binary: TerraformBinary;
  readonly sandbox: Sandbox;
  /** The worker's own variables, of which an allow-list is passed on. */
  readonly variables: Variables;
  /** Where providers come from; undefined: their registries. */
  readonly providerMirror?: ProviderMirror | undefined;
  /** Where providers are kept that all runs share; undefined: nowhere. */
  readonly providerCache?: string | undefined;
  /** Asked whenever a process starts that works on an environment. Undefined: it needs none. */
  readonly credentials?: ((purpose: Purpose) => Promise<Credentials>) | undefined;
  /** Where it is kept what `init` makes; undefined: nowhere. */
  readonly initCache?: string | undefined;
  /** Run `init` in any case; what was kept of an earlier one makes room. */
  readonly freshInit?: boolean | undefined;
}

/** One stack of one run. */
export interface StackWorkspace {
  readonly stack: string;
  /** Holds the stack's configuration. */
  readonly directory: string;
  /** Private to this stack and run: Terraform's data, its processes, its scratch space. */
  readonly run: string;
  readonly cliConfig: string;
  /** Which it pins; undefined: none. */
  readonly providers?: readonly PinnedProvider[] | undefined;
  /** A file of the environment's own, in which a state is kept that could not be stored. */
  readonly unsaved: string;
  /** Whether the state is a file of this machine. */
  readonly isLocal: boolean;
  /** What the backend needs: the directory of a local one. */
  readonly mounts: readonly Mount[];
  /** Whether plans may lock the state: not where whoever plans may write nothing. */
  readonly locksPlans: boolean;
  /** Undefined: its locks end with who took them, or nobody can tell whose they are. */
  readonly lockName?: LockName | undefined;
  /** Undefined: nobody else writes the state, or nobody can tell. */
  readonly watch?: StateWatch | undefined;
}

/** The name of a machine under which a deployment's Terraform takes its locks. */
export interface LockName {
  readonly host: string;
  /** Whether a holder, `user@host`, was one on this machine, and nothing of it runs any more. */
  isOver(who: string): Promise<boolean>;
}

/** How a command runs. */
export interface CommandUse {
  readonly lifetime: ConfinedCommand["lifetime"];
  readonly credentials?: Credentials | undefined;
}

export const planFile = ({ run }: StackWorkspace): string => join(run, "data", "waymark.plan");

/** A Terraform command in the stack's directory. Values go by environment or files, never by argument. */
export async function terraformCommand(
  args: readonly string[],
  workspace: StackWorkspace,
  tools: TerraformTools,
  { lifetime, credentials }: CommandUse,
): Promise<ConfinedCommand> {
  const { binary, sandbox, variables, providerMirror } = tools;
  const scratch = await sandbox.scratch(workspace.run);
  const data = { path: join(workspace.run, "data"), writable: true };
  const readable = [
    binary.path,
    workspace.cliConfig,
    ...certificatePaths(variables),
    ...(providerMirror?.type === "directory" ? [providerMirror.path] : []),
    ...(await usedEntries(workspace, tools)),
  ];
  return {
    file: binary.path,
    args,
    cwd: workspace.directory,
    env: {
      ...childEnvironment(variables, { ...scratch, network: true }),
      ...credentials?.variables,
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      TF_DATA_DIR: data.path,
      TF_CLI_CONFIG_FILE: workspace.cliConfig,
      CHECKPOINT_DISABLE: "1",
    },
    mounts: [
      ...scratch.mounts,
      { path: workspace.directory, writable: true },
      data,
      ...workspace.mounts,
      ...readable.map((path) => ({ path, writable: false })),
    ],
    network: true,
    host: workspace.lockName?.host,
    lifetime,
  };
}
