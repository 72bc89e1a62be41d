import { execa } from "execa";

/** The whole environment of a git child: no user or system configuration, no prompt, nothing inherited but PATH. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs git on a bare repository and returns its output, without the last newline. Throws when git fails. */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const { stdout } = await execa("git", [`--git-dir=${directory}`, ...args], executionOptions(options));
  return stdout;
}

/** Like {@link git}, for bytes. */
export async function gitBytes(
  directory: string,
  args: readonly string[],
  input: string,
): Promise<Uint8Array> {
  const options = { ...executionOptions({ input }), encoding: "buffer", stripFinalNewline: false } as const;
  const { stdout } = await execa("git", [`--git-dir=${directory}`, ...args], options);
  return stdout;
}

/** Runs git for its exit code: true for 0, false for 1. Throws on anything else. */
export async function gitSays(directory: string, args: readonly string[]): Promise<boolean> {
  const options = { ...executionOptions({}), reject: false } as const;
  const result = await execa("git", [`--git-dir=${directory}`, ...args], options);
  if (result.exitCode === 0) return true;
  if (result.exitCode === 1) return false;
  throw new Error(`git ${args[0]} failed: ${result.stderr}`);
}

function executionOptions({ input, environment }: GitOptions) {
  return {
    extendEnv: false,
    env: { ...gitEnvironment, ...environment },
    ...(input === undefined ? {} : { input }),
  };
}
