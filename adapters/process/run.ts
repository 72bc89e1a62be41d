import { execa } from "execa";
import { type FailureInput, WaymarkError } from "../../promotion/failure.ts";
import type { Command } from "./command.ts";
import { lastLines } from "./last-lines.ts";

export interface RunOptions {
  /** Milliseconds until the child is ended. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** What its failure is; the message is completed with the end of its output. */
  readonly failure: Omit<FailureInput, "cause">;
  /** The part of the output that explains a failure; default: its last lines. */
  readonly excerpt?: (output: string) => string;
  /** Bytes that it may print; default: 4 MiB. */
  readonly outputLimit?: number;
  /** An exit code beside 0 that is an answer, and no failure. */
  readonly answer?: number;
}

const mebibyte = 1024 * 1024;
const usualLimit = 4 * mebibyte;
/** What is told about a child that did not end well. */
interface Ending {
  readonly all?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
  readonly signal?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly originalMessage?: string | undefined;
}

/**
 * Runs a short-lived child to its end and gives its standard output.
 * Errors: a `WaymarkError` made of `failure`, also when the program is missing, silent for too long, or stopped.
 */
export async function run(command: Command, options: RunOptions): Promise<string> {
  const result = await execa(command.file, command.args, {
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    maxBuffer: options.outputLimit ?? usualLimit,
    forceKillAfterDelay: 2000,
    cwd: command.cwd,
    env: { ...command.env },
    timeout: options.timeout,
    ...(options.signal && { cancelSignal: options.signal }),
  });
  if (!result.failed || isAnswer(result, options)) return result.stdout;
  const message = `${options.failure.message}: ${reason(result, options)}`;
  throw new WaymarkError({ ...options.failure, message, cause: result.cause });
}

function isAnswer({ exitCode, timedOut, isCanceled, isMaxBuffer }: Ending, { answer }: RunOptions): boolean {
  const isCut = timedOut || isCanceled || isMaxBuffer;
  return answer !== undefined && exitCode === answer && !isCut;
}

function reason(result: Ending, options: RunOptions): string {
  const { excerpt = lastLines } = options;
  return [ending(result, options), excerpt(result.all ?? "")].filter((text) => text !== "").join("\n");
}

function ending(result: Ending, { timeout, outputLimit = usualLimit }: RunOptions): string {
  if (result.timedOut) return `it was stopped after ${Math.round(timeout / 1000)} seconds.`;
  if (result.isCanceled) return "it was stopped on request.";
  if (result.isMaxBuffer) return `it was stopped because it printed more than ${outputLimit / mebibyte} MiB.`;
  if (result.signal) return `it was ended by ${result.signal}.`;
  if (result.exitCode === undefined) return result.originalMessage ?? "it could not be started.";
  return `it ended with exit code ${result.exitCode}.`;
}
