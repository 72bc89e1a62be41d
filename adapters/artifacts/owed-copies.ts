import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDigest } from "./bundle-manifest.ts";
import type { BundleStore } from "./bundle-store.ts";

const notesIn = ({ directory }: BundleStore): string => join(directory, "uncopied");

/** Notes, before it is tried, that a bundle has to be copied elsewhere: who dies meanwhile, or fails, owes it. */
export async function noteOwedCopy(store: BundleStore, digest: string): Promise<void> {
  await mkdir(notesIn(store), { recursive: true, mode: 0o700 });
  await writeFile(join(notesIn(store), digest), "", { flush: true, mode: 0o600 });
}

/** The digests of the bundles of which no copy is known. */
export async function owedCopies(store: BundleStore): Promise<string[]> {
  return (await readdir(notesIn(store)).catch(() => [])).filter(isDigest);
}

/** It was copied, or is not needed any more. */
export async function settleOwedCopy(store: BundleStore, digest: string): Promise<void> {
  await rm(join(notesIn(store), digest), { force: true });
}
