import { type BigIntStats, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { WaymarkError } from "../../../promotion/failure.ts";
import { missing } from "./failures.ts";
import type { RegistrySource, SourceReading } from "./source.ts";

const writableByOthers = 0o022n;

/** A registry in a file of this machine, which only its owner may write. */
export const fileSource = (file: string): RegistrySource => ({
  read: () => readFile(file),
  isCurrent: (mark) => currentMark(file) === mark,
});

/** Reads content and mark through one descriptor, so that they belong together while the file is being replaced. */
async function readFile(file: string): Promise<SourceReading> {
  const handle = await open(file, "r").catch((error: unknown) => {
    throw missing(file, error);
  });
  try {
    const stats = await handle.stat({ bigint: true });
    if ((stats.mode & writableByOthers) !== 0n) throw writable(file);
    return { text: await handle.readFile("utf8"), mark: markOf(stats) };
  } finally {
    await handle.close();
  }
}

/** Asked for each delivery: waiting for a thread of the pool takes many times as long as the question itself. */
function currentMark(file: string): string | undefined {
  try {
    return markOf(statSync(file, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** Differs between any two contents that a file had, one after the other. */
const markOf = ({ ino, size, mtimeNs }: BigIntStats): string => `${ino}:${size}:${mtimeNs}`;

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
