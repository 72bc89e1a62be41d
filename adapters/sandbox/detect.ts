import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import { run } from "../process/run.ts";
import { bubblewrap } from "./bubblewrap.ts";
import type { ConfinedCommand, Sandbox } from "./sandbox.ts";
import { systemFiles } from "./system-files.ts";
import { unconfined } from "./unconfined.ts";

/** `auto`: use one if it works. `required`: refuse to start without. `off`: none, knowingly. */
export type SandboxMode = "auto" | "required" | "off";

const install = "Install bubblewrap (apt, dnf or apk: bubblewrap) and allow unprivileged user namespaces";

/**
 * The sandbox that works on this machine, found out by really starting one.
 * Errors: `sandbox-unavailable` (service) when one is required.
 */
export async function detectSandbox(mode: SandboxMode, file = "bwrap"): Promise<Sandbox> {
  if (mode === "off") return unconfined("it is switched off (WAYMARK_SANDBOX=off)");
  const found = await probe(file);
  if (typeof found !== "string") return found;
  if (mode === "auto") return unconfined(found);
  throw new WaymarkError({
    code: "sandbox-unavailable",
    source: "service",
    class: "configuration",
    message: `A sandbox is required (WAYMARK_SANDBOX=required), but ${found}`,
    next: `${install}, or set WAYMARK_SANDBOX=auto if every repository is trusted.`,
  });
}

/** A working sandbox, or why there is none. */
async function probe(file: string): Promise<Sandbox | string> {
  if (process.platform !== "linux") return `bubblewrap exists on Linux only. This is ${process.platform}.`;
  const sandbox = bubblewrap(await locate(file), await systemFiles());
  try {
    await Promise.all([start(sandbox, "worker"), start(sandbox, "own")]);
    return sandbox;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** By its full path: the PATH that an app is given, in which it would be looked for, begins with the app's own tools. */
async function locate(file: string): Promise<string> {
  const directories = (process.env.PATH ?? "/usr/bin:/bin").split(delimiter);
  const places = directories.filter(isAbsolute).map((directory) => join(directory, file));
  for (const place of isAbsolute(file) ? [] : places) {
    const found = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return place;
  }
  return file;
}

async function start(sandbox: Sandbox, lifetime: ConfinedCommand["lifetime"]): Promise<void> {
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin" };
  const command = { file: "true", args: [], cwd: "/", env, mounts: [], network: false, lifetime };
  const { file, args, cwd } = sandbox.wrap(command);
  // A shell opens the descriptor that bubblewrap expects.
  const shell = ["-c", 'exec "$@" 3>/dev/null', "probe", file, ...args];
  await run({ file: "/bin/sh", args: shell, cwd, env }, { timeout: 10_000, failure });
}

const failure = {
  code: "sandbox-unavailable",
  source: "service",
  message: "bubblewrap does not start",
  next: `${install}.`,
} as const;
