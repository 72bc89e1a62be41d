import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type BundleManifest, isDigest } from "../artifacts/bundle-manifest.ts";
import type { BundleStore } from "../artifacts/bundle-store.ts";
import { listEntries } from "../cache/unused.ts";
import { writeEntry } from "../cache/write-entry.ts";

const noteSchema = z.object({
  digest: z.string().refine(isDigest),
  /** Path → digest of the content. */
  files: z.record(z.string(), z.string()),
});

/** What a key was synthesized to last. It outlives the bytes, so that another output can be told from the same one. */
export type SynthNote = z.output<typeof noteSchema>;

/** Where an environment keeps its notes: not among the caches, which lose the bytes sooner. */
export const synthNotesIn = ({ directory }: Pick<BundleStore, "directory">): string =>
  join(directory, "synthesized");

export function describeSynth(digest: string, { files }: Pick<BundleManifest, "files">): SynthNote {
  const described = files.map(({ path, sha256, executable }) => [path, executable ? `${sha256} x` : sha256]);
  return { digest, files: Object.fromEntries(described) };
}

/** The names of the files that are not the same in both, sorted. */
export function differingFiles(one: SynthNote, other: SynthNote): readonly string[] {
  const paths = new Set([...Object.keys(one.files), ...Object.keys(other.files)]);
  return [...paths].filter((path) => one.files[path] !== other.files[path]).sort();
}

/** Undefined: none is there, or none that can be read. */
export async function readSynthNote(file: string): Promise<SynthNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

export async function writeSynthNote(file: string, note: SynthNote): Promise<void> {
  await writeEntry(file, note);
}

/** Keeps as many notes as told, those that were used last. */
export async function forgetOldNotes(directory: string, count: number): Promise<void> {
  const old = (await listEntries(directory)).slice(0, -count);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
