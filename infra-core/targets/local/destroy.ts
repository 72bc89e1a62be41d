import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { CoreResult, CoreTools } from "../../core.ts";
import { inUse, resourcesIn } from "../../in-use.ts";
import { boundDirectories } from "./binding.ts";
import type { CoreConfig } from "./config.ts";
import { bindingKeys } from "./core-stack.ts";
import { coreStateFile } from "./home.ts";

/** Removes all directories, the registry and the stack's own state, once no state holds a resource. */
export async function destroy(config: CoreConfig, { approve }: CoreTools): Promise<CoreResult> {
  const directories = bindingKeys(config).map((key) => boundDirectories({ home: config.home, ...key }));
  const held = await Promise.all(directories.map(([state]) => heldIn(state.path)));
  if (held.flat().length > 0) throw inUse(held.flat());
  const doomed = [
    ...directories.flat().map(({ path }) => path),
    ...(isAbsolute(config.registry) ? [config.registry] : []),
    dirname(coreStateFile(config.home)),
  ];
  if (!(await approve(`These are removed, with all that is in them:\n${doomed.join("\n")}`)))
    return "declined";
  // The stack's own state goes last: while it is there, an interrupted destroy can be seen and completed.
  for (const path of doomed) await rm(path, { recursive: true, force: true });
  return "done";
}

/** The states below a directory that hold resources. */
async function heldIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith(".tfstate")).map((name) => join(directory, name));
  const counts = await Promise.all(files.map(async (file) => resourcesIn(await readFile(file, "utf8"))));
  return files.filter((_, index) => counts[index] !== 0);
}
