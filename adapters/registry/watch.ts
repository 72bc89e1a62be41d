import { sourceAt } from "./load.ts";
import { parseRegistry } from "./parse.ts";
import type { Registry } from "./schema.ts";

interface Known {
  readonly registry: Registry;
  readonly mark: string;
  readonly readAt: number;
}

/**
 * A function that gives the registry as its address says it now: reads a file again only when it changed on disk, and
 * what is elsewhere only when it was read a while ago. It throws as `loadRegistry` does, also when a change broke it: to
 * go on with old bindings could be worse. `now`: milliseconds.
 */
export function watchRegistry(address: string, now: () => number = Date.now): () => Promise<Registry> {
  const source = sourceAt(address);
  let last: Known | undefined;
  return async () => {
    if (last !== undefined && source.isCurrent(last.mark, now() - last.readAt)) return last.registry;
    const readAt = now();
    const { text, mark } = await source.read();
    last = { registry: parseRegistry(text, address), mark, readAt };
    return last.registry;
  };
}
