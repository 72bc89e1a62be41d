import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { StatePlace } from "../../adapters/terraform/left-state.ts";

const journalSchema = z.object({
  attemptId: z.string(),
  repositoryId: z.number(),
  environment: z.string(),
  commit: z.string(),
  /** The last one that was begun; absent: none, or all are over. */
  phase: z.string().optional(),
  /** Whether every process of the try is known to have ended. */
  settled: z.boolean(),
});

/** What a worker needs to know about a try that an earlier one left behind. Its processes lie beside it. */
export type Journal = z.output<typeof journalSchema>;

const file = (tryDirectory: string): string => join(tryDirectory, "journal.json");

export async function writeJournal(tryDirectory: string, journal: Journal): Promise<void> {
  await writeWhole(file(tryDirectory), journal);
}

/** Undefined when the worker died before it wrote one, and so before it started anything. */
export async function readJournal(tryDirectory: string): Promise<Journal | undefined> {
  const value = await readWhole(file(tryDirectory));
  return value === undefined ? undefined : journalSchema.parse(value);
}

const placeSchema = z.object({
  directory: z.string(),
  unsaved: z.string(),
  isLocal: z.boolean().default(true),
});

const placeFile = (stackRun: string): string => join(stackRun, "place.json");

/** Notes where a stack's Terraform leaves a state that it can't store, before it is started. */
export async function writePlace(stackRun: string, place: Omit<StatePlace, "run">): Promise<void> {
  await writeWhole(placeFile(stackRun), placeSchema.parse(place));
}

export async function readPlace(stackRun: string): Promise<StatePlace | undefined> {
  const value = await readWhole(placeFile(stackRun));
  return value === undefined ? undefined : { ...placeSchema.parse(value), run: stackRun };
}

/** Renamed into its place, so that nobody ever reads half of it. */
export async function writeWhole(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.next`, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  await rename(`${path}.next`, path);
}

/** Undefined: there is no such file. */
export async function readWhole(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
