import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const noteSchema = z.object({
  /** Digest of everything that decided what was applied. */
  inputs: z.string(),
  /** What the stack's outputs held afterwards: name → digest. */
  outputs: z.record(z.string(), z.string()),
  /** The provider lock file that was used; null: there was none. */
  lock: z.string().nullable(),
  /** The version of the state that this tells of. */
  state: z.string().default("local"),
});

/** What is remembered of a provisioning stack's last success. Losing it costs a plan and nothing else. */
export type ProvisionNote = z.output<typeof noteSchema>;

/** `note.json`: nothing was done since that success. `last.json`: something was. */
const noteFile = (directory: string): string => join(directory, "note.json");
const lastFile = (directory: string): string => join(directory, "last.json");
const pendingFile = (directory: string, attemptId: string): string => join(directory, `pending-${attemptId}`);

/** The last success, if nothing was done since. Undefined: none is known, or what is there can't be read. */
export async function readNote(directory: string): Promise<ProvisionNote | undefined> {
  return await read(noteFile(directory));
}

/** The last success, whatever was tried since. */
export async function readLast(directory: string): Promise<ProvisionNote | undefined> {
  return (await read(noteFile(directory))) ?? (await read(lastFile(directory)));
}

async function read(file: string): Promise<ProvisionNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Forgets that nothing was done since the last success, before anything of the stack may change. What is pending goes
 * first: whoever applied before us can then write no note any more, whenever he wakes up.
 */
export async function forgetNote(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => undefined);
  if (!names) return;
  const pending = names.filter((name) => name.startsWith("pending-"));
  await Promise.all(pending.map((name) => rm(join(directory, name), { force: true })));
  await rename(noteFile(directory), lastFile(directory)).catch(ignoreMissing);
  // A power failure must not bring it back.
  await using handle = await open(directory, "r");
  await handle.sync();
}

function ignoreMissing(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}

/** The same, and makes this attempt the only one that may write the next note. */
export async function beginNote(directory: string, attemptId: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await forgetNote(directory);
  await writeFile(pendingFile(directory, attemptId), "", { mode: 0o600 });
}

/** Remembers a success, unless another attempt has begun since. */
export async function finishNote(directory: string, attemptId: string, note: ProvisionNote): Promise<void> {
  const pending = pendingFile(directory, attemptId);
  // Neither the opening nor the renaming makes a file that somebody has removed.
  const handle = await open(pending, "r+").catch(() => undefined);
  if (!handle) return;
  await handle.writeFile(JSON.stringify(note));
  await handle.close();
  await rename(pending, noteFile(directory)).catch(() => undefined);
}
