import { statSync } from "node:fs";
import { markOf, type RegistryReading, readRegistry } from "./load.ts";
import type { Registry } from "./schema.ts";

/**
 * A function that gives the registry as the file says it now: reads it again only when it changed on disk.
 * It throws as `loadRegistry` does, also when a change broke the file: to go on with old bindings could be worse.
 */
export function watchRegistry(file: string): () => Promise<Registry> {
  let last: RegistryReading | undefined;
  return async () => {
    if (last === undefined || currentMark(file) !== last.mark) last = await readRegistry(file);
    return last.registry;
  };
}

/** Asked for each delivery: waiting for a thread of the pool takes many times as long as the question itself. */
function currentMark(file: string): string | undefined {
  try {
    return markOf(statSync(file, { bigint: true }));
  } catch {
    return undefined;
  }
}
