import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const journalSchema = z.object({
  attemptId: z.string(),
  repositoryId: z.number(),
  environment: z.string(),
  commit: z.string(),
  /** Whether every process of the try is known to have ended. */
  settled: z.boolean(),
});

/** What a worker needs to know about a try that an earlier one left behind. Its processes lie beside it. */
export type Journal = z.output<typeof journalSchema>;

const file = (tryDirectory: string): string => join(tryDirectory, "journal.json");

export async function writeJournal(tryDirectory: string, journal: Journal): Promise<void> {
  const next = `${file(tryDirectory)}.next`;
  await writeFile(next, `${JSON.stringify(journal)}\n`, { mode: 0o600 });
  await rename(next, file(tryDirectory));
}

/** Undefined when the worker died before it wrote one, and so before it started anything. */
export async function readJournal(tryDirectory: string): Promise<Journal | undefined> {
  const text = await readFile(file(tryDirectory), "utf8").catch(() => undefined);
  return text === undefined ? undefined : journalSchema.parse(JSON.parse(text));
}
