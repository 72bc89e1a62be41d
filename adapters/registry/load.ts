import type { BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import { WaymarkError } from "../../promotion/failure.ts";
import { parseRegistry } from "./parse.ts";
import type { Registry } from "./schema.ts";

const writableByOthers = 0o022n;

/**
 * Reads the core registry file.
 * @throws WaymarkError `registry-missing`, `registry-writable` or `registry-invalid` (service)
 */
export async function loadRegistry(file: string): Promise<Registry> {
  return (await readRegistry(file)).registry;
}

/** A registry, and the mark that changes whenever its file does. */
export interface RegistryReading {
  readonly registry: Registry;
  readonly mark: string;
}

/** Reads content and mark through one descriptor, so that they belong together while the file is being replaced. */
export async function readRegistry(file: string): Promise<RegistryReading> {
  const handle = await open(file, "r").catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const stats = await handle.stat({ bigint: true });
    if ((stats.mode & writableByOthers) !== 0n) throw writable(file);
    return { registry: parseRegistry(await handle.readFile("utf8"), file), mark: markOf(stats) };
  } finally {
    await handle.close();
  }
}

/** Differs between any two contents that a file had, one after the other. */
export const markOf = ({ ino, size, mtimeNs }: BigIntStats): string => `${ino}:${size}:${mtimeNs}`;

function unreadable(file: string, cause: unknown): WaymarkError {
  return new WaymarkError({
    code: "registry-missing",
    source: "service",
    class: "configuration",
    message: `The core registry ${file} can't be read: ${cause instanceof Error ? cause.message : cause}.`,
    next: "Bootstrap the core stack, which writes it, or point WAYMARK_REGISTRY at the right file.",
    cause,
  });
}

// Who can write the registry decides whose state and role a repository is given.
function writable(file: string): WaymarkError {
  return new WaymarkError({
    code: "registry-writable",
    source: "service",
    class: "configuration",
    message: `The core registry ${file} can be written by other users of this machine.`,
    next: `Take that permission away: chmod go-w ${file}`,
  });
}
