import { execa } from "execa";
import { WaymarkError } from "../../promotion/failure.ts";

/**
 * Runs Terraform on one synthesized stack. Resolves to what it printed and to its exit code, when that is among
 * `exitCodes` (0 when not given).
 */
export type TerraformRun = (
  args: readonly string[],
  exitCodes?: readonly number[],
) => Promise<TerraformResult>;

export interface TerraformResult {
  readonly output: string;
  readonly exitCode: number;
}

export interface TerraformRunOptions {
  readonly command: string;
  /** The synthesized stack's directory; `.terraform` is made in it. */
  readonly directory: string;
}

/** Failures are thrown as WaymarkError `terraform-failed` (service), with all that Terraform said. */
export function terraformIn({ command, directory }: TerraformRunOptions): TerraformRun {
  return async (args, exitCodes = [0]) => {
    const result = await execa(command, args, {
      cwd: directory,
      env: terraformEnvironment(),
      extendEnv: false,
      stdin: "ignore",
      reject: false,
    });
    const { exitCode } = result;
    if (exitCode !== undefined && exitCodes.includes(exitCode)) return { output: result.stdout, exitCode };
    throw terraformFailed(args[0], `${result.stdout}\n${result.stderr || result.message}`);
  };
}

// An allow-list: neither Terraform nor what it starts needs anything else from the admin's shell.
function terraformEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };
}

function terraformFailed(verb: string | undefined, output: string): WaymarkError {
  return new WaymarkError({
    code: "terraform-failed",
    source: "service",
    message: `terraform ${verb} of the core stack failed:\n${output.trim()}`,
    next: "Remove the cause that Terraform names, then bootstrap again: it completes what was begun.",
  });
}
