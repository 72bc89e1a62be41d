import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { startDetached } from "../../adapters/process/detached/start.ts";
import { readEnd } from "../../adapters/process/read-end.ts";
import { followLines } from "../../adapters/terraform/follow.ts";
import { WaymarkError } from "../../promotion/failure.ts";

/** Runs Terraform on one synthesized stack. Resolves to what it printed and to its exit code, when that is expected. */
export type TerraformRun = (args: readonly string[], expected?: Expectations) => Promise<TerraformResult>;

export interface Expectations {
  /** Those that are no failure; 0 when not given. */
  readonly exitCodes?: readonly number[];
  /** Where its process's directory is to be made, by which others can tell whether it is over. */
  readonly place?: string;
}

export interface TerraformResult {
  readonly output: string;
  readonly exitCode: number;
}

export interface TerraformRunOptions {
  readonly command: string;
  /** The synthesized stack's directory; `.terraform` is made in it. */
  readonly directory: string;
  /** Told what an apply prints, line by line. */
  report(line: string): void;
  /** Aborted: Terraform gets one SIGTERM, upon which it stores its state, and is waited for. */
  readonly signal: AbortSignal;
  /** Variables of the admin's shell that it needs beside the usual ones. */
  readonly variables?: RegExp;
}

const longestOutput = 16 * 1024 * 1024;

/**
 * Terraform runs detached, printing into files: whoever kills this process does not kill it in the middle of its work,
 * and the next run waits for its lock. Failures are thrown as WaymarkError `terraform-failed` (service), with all that
 * Terraform said.
 */
export function terraformIn(options: TerraformRunOptions): TerraformRun {
  const { command, directory, signal, variables } = options;
  return async (args, { exitCodes = [0], place = undefined } = {}) => {
    signal.throwIfAborted();
    const env = terraformEnvironment(variables);
    const started = await startDetached(
      { file: command, args, cwd: directory, env },
      place ?? (await ownPlace(directory)),
    );
    const stop = () => void started.stop();
    signal.addEventListener("abort", stop, { once: true });
    const report = args[0] === "apply" || args[0] === "destroy" ? options.report : () => undefined;
    // Whatever is thrown here, is thrown once it is over.
    await followLines(started.directory.stdout, started.exited, report).finally(() => started.exited);
    signal.removeEventListener("abort", stop);
    const exit = await started.exited;
    const output = await readEnd(started.directory.stdout, longestOutput);
    if (exit.kind === "exited" && exitCodes.includes(exit.code)) return { output, exitCode: exit.code };
    throw terraformFailed(args[0], `${output}\n${await readEnd(started.directory.stderr, longestOutput)}`);
  };
}

const ownPlace = async (directory: string) => join(await mkdtemp(join(directory, ".run-")), "process");

// An allow-list: neither Terraform nor what it starts needs anything else from the admin's shell.
function terraformEnvironment(variables = /^$/): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (/^(PATH|HOME|TMPDIR)$/.test(name) || variables.test(name))
      ? [[name, value] as const]
      : [],
  );
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };
}

function terraformFailed(verb: string | undefined, output: string): WaymarkError {
  return new WaymarkError({
    code: "terraform-failed",
    source: "service",
    message: `terraform ${verb} of the core stack failed:\n${output.trim()}`,
    next: "Remove the cause that Terraform names, then apply again: it completes what was begun.",
  });
}
