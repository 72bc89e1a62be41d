import { lstat, mkdir, readdir, readlink, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import type { Mount, Sandbox } from "../sandbox/sandbox.ts";
import { readDependencies } from "./dependencies.ts";
import { type InstallOptions, install } from "./install.ts";

/**
 * Runs a task with what it must be shown of the checkout's dependencies, once they are installed. Again, if it failed and
 * they are not what they were: anybody may delete a cache, and who forces a deployment replaces what is in it.
 * Errors: the task's, and those of reading and installing the dependencies; `modules-committed` (user).
 */
export async function withModules<T>(
  checkout: string,
  options: InstallOptions,
  task: (modules: readonly Mount[]) => Promise<T>,
): Promise<T> {
  const dependencies = await readDependencies(checkout);
  if (!dependencies) return await task([]);
  const modules = await install(dependencies, options);
  const shown = await giveModules(checkout, modules, options.sandbox);
  const before = await identityOf(modules);
  return await task(shown).catch(async (error: unknown) => {
    if ((await identityOf(modules)) === before) throw error;
    await install(dependencies, options);
    return await task(shown);
  });
}

/** Another one at the same path has another identity; undefined: there is none. */
async function identityOf(directory: string): Promise<bigint | undefined> {
  return await stat(directory, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

/** By a link in the checkout where there is no sandbox, else by mounts. */
async function giveModules(checkout: string, modules: string, sandbox: Sandbox): Promise<Mount[]> {
  const target = join(checkout, "node_modules");
  const free = await isFree(target, modules);
  if (!free) throw modulesCommitted();
  // The checkout may be shown read-only, so what is mounted over must be there.
  await (sandbox.kind === "none" ? symlink(modules, target) : mkdir(target)).catch(ignoreExisting);
  return [{ path: modules, as: "/workspace/node_modules", writable: false }];
}

/** Free: absent, the empty place that an earlier run left, or our own link. */
async function isFree(target: string, modules: string): Promise<boolean> {
  const found = await lstat(target).catch(() => undefined);
  if (!found) return true;
  if (found.isDirectory()) return (await readdir(target)).length === 0;
  return found.isSymbolicLink() && (await readlink(target)) === modules;
}

function ignoreExisting(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
  throw error;
}

function modulesCommitted(): WaymarkError {
  return new WaymarkError({
    code: "modules-committed",
    source: "user",
    class: "code",
    message:
      "The commit holds a node_modules of its own, in the place where Waymark puts the installed dependencies.",
    next: "Remove node_modules from the repository and name it in .gitignore.",
  });
}
