import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import {
  type BundleManifest,
  formatManifest,
  isDigest,
  parseManifest,
  sha256,
  type ToolVersions,
} from "./bundle-manifest.ts";
import { listTree, type TreeFile } from "./tree.ts";

/** Where bundles are kept: what a binding says under `artifacts`. */
export interface BundleStore {
  readonly type: "local";
  readonly directory: string;
}

/**
 * Seals a directory: stores its files under the digest of their content and the tools that made them, and gives that
 * digest. Storing the same bytes again changes nothing.
 */
export async function putBundle(store: BundleStore, directory: string, tools: ToolVersions): Promise<string> {
  const staging = join(bundles(store), `.${randomUUID()}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const files = [];
    for (const file of await listTree(directory)) files.push(await storeFile(file, directory, staging));
    const manifest = formatManifest({ files, tools });
    await writeFile(join(staging, "manifest.json"), manifest, { flush: true });
    await publish(staging, store, sha256(manifest));
    return sha256(manifest);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function storeFile({ path, executable }: TreeFile, from: string, staging: string) {
  const content = await readFile(join(from, path));
  const target = join(staging, "files", path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { flush: true });
  return { path, sha256: sha256(content), executable };
}

/** What stands there already is kept if it is whole, and replaced if a disk has damaged it. */
async function publish(staging: string, store: BundleStore, digest: string): Promise<void> {
  const final = join(bundles(store), digest);
  await rename(staging, final).catch(async (error: unknown) => {
    if (await isWhole(store, digest)) return;
    await rename(final, `${staging}.damaged`).catch(() => Promise.reject(error));
    await rename(staging, final);
    await rm(`${staging}.damaged`, { recursive: true, force: true });
  });
}

async function isWhole(store: BundleStore, digest: string): Promise<boolean> {
  try {
    for (const file of (await readManifest(store, digest)).files) await readStored(store, digest, file);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes the files of a bundle into an existing directory, each checked against its digest, and gives the tools that
 * made them. Errors (service): `bundle-missing`, `bundle-damaged`.
 */
export async function loadBundle(store: BundleStore, digest: string, into: string): Promise<ToolVersions> {
  const manifest = await readManifest(store, digest);
  for (const file of manifest.files) {
    const target = join(into, file.path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const mode = file.executable ? 0o700 : 0o600;
    await writeFile(target, await readStored(store, digest, file), { flag: "wx", mode });
  }
  return manifest.tools;
}

async function readManifest(store: BundleStore, digest: string): Promise<BundleManifest> {
  if (!isDigest(digest)) throw missing(digest);
  const text = await readFile(join(bundles(store), digest, "manifest.json"), "utf8").catch(
    (error: unknown) => {
      throw missing(digest, error);
    },
  );
  if (sha256(text) !== digest) throw damaged(digest, "manifest.json");
  return parseManifest(text);
}

async function readStored(
  store: BundleStore,
  digest: string,
  file: BundleManifest["files"][number],
): Promise<Uint8Array> {
  const path = join(bundles(store), digest, "files", file.path);
  const content = await readFile(path).catch((error: unknown) => {
    throw damaged(digest, file.path, error);
  });
  if (sha256(content) !== file.sha256) throw damaged(digest, file.path);
  return content;
}

const bundles = (store: BundleStore): string => join(store.directory, "bundles");

function missing(digest: string, cause?: unknown): WaymarkError {
  return new WaymarkError({
    code: "bundle-missing",
    source: "service",
    class: "configuration",
    message: `The bundle ${digest.slice(0, 64)} is not in this environment's artifact store.`,
    next: "Restore the artifact store from its backup, or deploy the commit anew by merging it again.",
    cause,
  });
}

function damaged(digest: string, file: string, cause?: unknown): WaymarkError {
  return new WaymarkError({
    code: "bundle-damaged",
    source: "service",
    class: "configuration",
    message: `The bundle ${digest} is damaged: ${file} is not what was sealed.`,
    next: "Restore the artifact store from its backup, or deploy the commit anew by merging it again.",
    cause,
  });
}
