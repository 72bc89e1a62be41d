import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { vi } from "vitest";
import { builtService } from "../support/build.ts";
import { compile } from "../support/compile.ts";

export const root = path.resolve(import.meta.dirname, "../..");

/** A process of ours, with everything that it said. */
export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  out(): string;
  err(): string;
  /** Waits until it has said something, in either stream; throws if it ends without. */
  says(text: string): Promise<void>;
  /** Sends a signal and waits for the end; gives the exit code or the signal. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Waits for its end. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

export interface StartInput {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a test's own program, with nothing in its environment but what is given. */
export async function startProgram(
  file: string,
  args: readonly string[],
  input: StartInput = {},
): Promise<Started> {
  return start([await compile(file), ...args], input);
}

/** Starts one of Waymark's own programs in the same way. To be compiled before: see `buildService()`. */
export function startService(name: "main" | "web" | "worker", input: StartInput = {}): Started {
  return start([builtService(name)], input);
}

function start(args: readonly string[], input: StartInput): Started {
  const child = spawn(process.execPath, [...args], {
    cwd: input.cwd ?? root,
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...input.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const closed = once(child, "close").then(() => child.exitCode ?? child.signalCode);
  const says = async (text: string): Promise<void> => {
    const heard = vi.waitFor(
      () => {
        if (!`${out}${err}`.includes(text)) throw new Error(`not said: ${text}\n${out}${err}`);
      },
      { timeout: 20_000, interval: 20 },
    );
    const early = closed.then((code) => {
      if (!`${out}${err}`.includes(text))
        throw new Error(`ended with ${code} before it said ${text}:\n${out}${err}`);
    });
    await Promise.race([heard, early]);
  };
  return {
    child,
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    says,
    ended: () => closed,
    end: async (signal) => {
      child.kill(signal);
      return await closed;
    },
  };
}

/** Does a process of that number exist? */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export async function untilGone(pid: number): Promise<void> {
  await vi.waitFor(
    () => {
      if (isAlive(pid)) throw new Error(`${pid} is still there`);
    },
    { timeout: 10_000, interval: 20 },
  );
}
