import { randomUUID } from "node:crypto";
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { classify } from "../../promotion/classify.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import { exists, markUsed, setAside } from "../cache/entry.ts";
import { childEnvironment, type Variables } from "../process/environment.ts";
import { lastLines } from "../process/last-lines.ts";
import { run } from "../process/run.ts";
import { explainRefusal } from "../sandbox/refusal.ts";
import type { ConfinedCommand, Sandbox } from "../sandbox/sandbox.ts";
import type { Dependencies } from "./dependencies.ts";
import { certificates, npmSettings, readOperatorSettings } from "./npm-settings.ts";

export interface InstallOptions {
  /** Where installations are kept, one directory per digest. */
  readonly cache: string;
  readonly sandbox: Sandbox;
  /** The worker's own variables, of which an allow-list is passed on. */
  readonly variables: Variables;
  readonly signal?: AbortSignal | undefined;
  /** Install in any case; what was installed before makes room. */
  readonly fresh?: boolean | undefined;
}

const timeout = 15 * 60_000;

/**
 * The node_modules of the given dependencies, installed once per digest and shared from then on, read-only by custom.
 * Errors: `install-failed` or what npm's message is known to mean, with the end of npm's output.
 */
export async function install(dependencies: Dependencies, options: InstallOptions): Promise<string> {
  const final = join(options.cache, "dependencies", dependencies.digest);
  if (options.fresh || !(await markUsed(final))) await installInto(final, dependencies, options);
  return join(final, "node_modules");
}

/** Installs beside the final place and moves it there at the end: what exists is complete, whoever else installs. */
async function installInto(
  final: string,
  dependencies: Dependencies,
  options: InstallOptions,
): Promise<void> {
  const staging = `${final}.${randomUUID()}`;
  const installOnce = () => installThrough(staging, final, dependencies, options);
  try {
    await installOnce().catch(async (error: unknown) => {
      if (await exists(join(staging, "app"))) throw error;
      // Somebody has deleted the cache meanwhile, as anybody may.
      await installOnce();
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function installThrough(
  staging: string,
  final: string,
  dependencies: Dependencies,
  options: InstallOptions,
): Promise<void> {
  const app = join(staging, "app");
  await mkdir(join(app, "node_modules"), { recursive: true });
  await writeFile(join(app, "package.json"), dependencies.manifest);
  await writeFile(join(app, "package-lock.json"), dependencies.lock);
  await npmInstall(staging, options);
  await assertDirectory(join(app, "node_modules"));
  if (options.fresh) await setAside(options.cache, final);
  await rename(app, final).catch(async (error: unknown) => {
    if (!(await exists(final))) throw error;
  });
}

/** It will be shown to synth, wherever it leads: nothing that an install left there may point elsewhere. */
async function assertDirectory(modules: string): Promise<void> {
  if ((await lstat(modules)).isDirectory()) return;
  throw new WaymarkError({ ...failure, message: `${failure.message}: node_modules is not a directory` });
}

const program = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--include=optional"];

async function npmInstall(
  staging: string,
  { cache, sandbox, variables, signal }: InstallOptions,
): Promise<void> {
  const app = { path: join(staging, "app"), as: "/app", writable: true };
  const packages = { path: join(cache, "npm"), as: "/cache", writable: true };
  await mkdir(packages.path, { recursive: true });
  await markUsed(packages.path);
  const scratch = await sandbox.scratch(staging);
  const operator = await readOperatorSettings(variables);
  const command: ConfinedCommand = {
    file: "npm",
    args: program,
    cwd: sandbox.place(app),
    env: {
      ...childEnvironment(variables, { ...scratch, network: true }),
      ...npmSettings(operator, sandbox.place(packages)),
    },
    mounts: [...scratch.mounts, app, packages, ...certificates(operator, variables).map(readOnly)],
    network: true,
    lifetime: "worker",
  };
  await run(sandbox.wrap(command), { timeout, signal, failure, excerpt }).catch((error: unknown) => {
    throw error instanceof WaymarkError ? explainRefusal(explained(error), sandbox, command) : error;
  });
}

const readOnly = (path: string) => ({ path, writable: false });

/** npm's errors without the list of all options that it prints after them. */
function excerpt(output: string): string {
  const [errors = ""] = output.split(/^npm error (?:Clean install|Usage)/m);
  const told = errors.split("\n").filter((line) => /^npm error \S/.test(line));
  return told.length > 0 ? told.slice(0, 20).join("\n") : lastLines(output);
}

const failure = {
  code: "install-failed",
  source: "user",
  class: "unknown",
  message: "Installing the app's dependencies failed",
  next: "Run `npm ci` on your machine, correct what it reports, then push.",
} as const;

function explained(error: WaymarkError): WaymarkError {
  const known = classify(error.message);
  return known.class === "unknown"
    ? error
    : new WaymarkError({ ...known, message: error.message, cause: error });
}
