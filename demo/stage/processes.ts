import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { z } from "zod";
import { inherited } from "./inherited.ts";

/** One process of Waymark, as `npm run web` or `npm run worker` starts it. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Ends it kindly and waits. */
  stop(): Promise<void>;
  /** Ends it with -9, as a power cut would. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly name: "web" | "worker";
  /** Where its log goes. */
  readonly logs: string;
  readonly environment: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, "../..");

/** Starts a process and waits until its log says that it is up. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  await mkdir(options.logs, { recursive: true });
  const child = spawn(process.execPath, await argumentsOf(options.name), {
    cwd: root,
    env: { ...inherited(), ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilUp(child, exited, options);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return { name: options.name, pid: child.pid ?? 0, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

/** What `npm run <name>` gives to node, once it has compiled what that is to run. */
async function argumentsOf(name: ServiceOptions["name"]): Promise<readonly string[]> {
  const { scripts } = manifest.parse(JSON.parse(await readFile(path.join(root, "package.json"), "utf8")));
  const [build = [], start = []] =
    scripts[name]?.split(" && ").map((command) => command.split(" ").slice(1)) ?? [];
  await execa(process.execPath, build, { cwd: root });
  return start;
}

async function untilUp(
  child: ChildProcess,
  exited: Promise<void>,
  { name, logs }: ServiceOptions,
): Promise<void> {
  const log = createWriteStream(path.join(logs, `${name}.log`), { flags: "a" });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    log.write(chunk);
  });
  const up = new Promise<void>((resolve) => {
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.write(`${line}\n`);
      if (line.includes(`"${name} is up"`)) resolve();
    });
  });
  const failed = exited.then(() => {
    throw new Error(`${name} ended before it was up: ${said}`);
  });
  failed.catch(() => undefined);
  await Promise.race([up, failed]);
}
