import { type SimpleGit, simpleGit } from "simple-git";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";

/** What a git process gets besides its arguments. */
export interface GitOptions {
  readonly cwd: string;
  /** Added to git's own clean environment: credentials, index file. Values never reach the argument list. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A git process that ended with another exit code than 0; source: git itself. */
export class GitExit extends WaymarkError {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(command: string, exitCode: number, stdout: string, stderr: string) {
    super({
      code: "git-failed",
      source: "service",
      class: "transient",
      message: `git ${command} ended with ${exitCode}: ${lastLines(stderr)}`,
      next: "Waymark tries again. If it stays, check that GitHub is reachable and the App is still installed.",
    });
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/**
 * Runs git with an argument array and gives its standard output. Reads no configuration of the machine or the
 * user, asks no questions, runs no hooks.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  return await run(args[0] ?? "", options, (client) => client.raw([...args]));
}

/** Runs `git cat-file` and gives its bytes: an object that is no text would get another length by decoding. */
export async function catFile(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const output = await run("cat-file", options, async (client) => await client.binaryCatFile([...args]));
  return z.instanceof(Buffer).parse(output);
}

/** The beginning of what git printed. */
export interface Beginning {
  readonly bytes: Buffer;
  /** There was more. */
  readonly isCut: boolean;
}

/** What git prints, but at most `limit` bytes: then it is ended. For what a repository can make endless. */
export async function gitBeginning(
  args: readonly string[],
  options: Omit<GitOptions, "signal">,
  limit: number,
): Promise<Beginning> {
  const enough = new AbortController();
  const chunks: Buffer[] = [];
  let length = 0;
  const listen: Listener = (stdout) =>
    stdout.on("data", (chunk: Buffer) => {
      if (length <= limit) chunks.push(chunk);
      length += chunk.length;
      if (length > limit) enough.abort();
    });
  const given = { ...options, signal: enough.signal };
  await run(args[0] ?? "", given, (client) => client.raw([...args]), listen).catch((error: unknown) => {
    if (length <= limit) throw error;
  });
  return { bytes: Buffer.concat(chunks).subarray(0, limit), isCut: length > limit };
}

/** True when git exits with 0, false when it exits with 1: how git answers yes-or-no questions. */
export async function gitAnswers(answer: Promise<string>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof GitExit && error.exitCode === 1) return false;
    throw error;
  }
}

/** simple-git wraps every error in its own, which keeps only the text: so the exit is kept beside it. */
async function run<T>(
  command: string,
  options: GitOptions,
  work: (client: SimpleGit) => Promise<T>,
  listen: Listener = () => undefined,
): Promise<T> {
  let exit: GitExit | undefined;
  const onExit = (failed: GitExit) => {
    exit = failed;
    return failed;
  };
  try {
    return await work(client(command, options, onExit, listen));
  } catch (error) {
    throw exit ?? error;
  }
}

/** Hears what a git process prints, beside the one that waits for its end. */
type Listener = (stdout: NodeJS.ReadableStream) => void;

function client(
  command: string,
  options: GitOptions,
  onExit: (exit: GitExit) => Error,
  listen: Listener,
): SimpleGit {
  const environment = { ...baseEnvironment(), ...options.environment };
  return simpleGit({
    baseDir: options.cwd,
    ...(options.signal && { abort: options.signal }),
    allowEnvironment: Object.keys(environment),
    completion: { onClose: true, onExit: false },
    // Bytes even for nothing: simple-git leaves standard input open for an empty text, and git would wait for ever.
    input: () => Buffer.from(options.input ?? ""),
    errors: (_error, result) =>
      result.exitCode === 0
        ? undefined
        : onExit(new GitExit(command, result.exitCode, text(result.stdOut), text(result.stdErr))),
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeTemplateDir: true,
    },
  })
    .env(environment)
    .outputHandler((_command, stdout, stderr) => {
      listen(stdout);
      quicken(stderr);
    });
}

/** simple-git waits 50 ms more for a command that has printed nothing, though its streams have ended by then. */
function quicken(stderr: NodeJS.ReadableStream): void {
  setImmediate(() => stderr.emit("data", Buffer.alloc(0)));
}

/** What git may see of the worker's environment, and the settings that keep the machine's own out. */
function baseEnvironment(): Record<string, string> {
  const passed = ["PATH", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"];
  const certificates = ["GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"];
  const kept = [...passed, ...certificates].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString();
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join(" | ") || "no message";
}
