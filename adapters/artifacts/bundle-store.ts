import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import { markUsed } from "../cache/entry.ts";
import {
  type BundleManifest,
  type BundleOrigin,
  formatManifest,
  isDigest,
  parseManifest,
  sha256,
} from "./bundle-manifest.ts";
import { listTree, type TreeFile } from "./tree.ts";

/** Where bundles are kept on this machine. */
export interface BundleStore {
  readonly type: "local";
  readonly directory: string;
}

export interface PutOptions {
  /** Whether the bytes are to survive a power failure. Default: true. */
  readonly durable?: boolean;
}

/**
 * Seals a directory: stores its files under the digest of their content and of what made them, and gives that digest.
 * Storing the same bytes again changes nothing but the time of the last use.
 */
export async function putBundle(
  store: BundleStore,
  directory: string,
  origin: BundleOrigin,
  { durable = true }: PutOptions = {},
): Promise<string> {
  const staging = join(bundlesIn(store), `.${randomUUID()}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const files = [];
    for (const some of inGroups(await listTree(directory))) {
      files.push(...(await Promise.all(some.map((file) => storeFile(file, directory, staging, durable)))));
    }
    const manifest = formatManifest({ files, ...origin });
    await writeFile(join(staging, "manifest.json"), manifest, { flush: durable });
    await publishBundle(staging, store, sha256(manifest));
    return sha256(manifest);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The digest that `putBundle` would give. */
export async function bundleDigest(directory: string, origin: BundleOrigin): Promise<string> {
  const files = [];
  for (const file of await listTree(directory))
    files.push(describe(file, await readFile(join(directory, file.path))));
  return sha256(formatManifest({ files, ...origin }));
}

/** Files that are written side by side: each waits for the disk, and a deployment waits for all of them. */
const groupSize = 16;

function inGroups(files: readonly TreeFile[]): readonly (readonly TreeFile[])[] {
  const count = Math.ceil(files.length / groupSize);
  return Array.from({ length: count }, (_, index) => files.slice(index * groupSize, (index + 1) * groupSize));
}

async function storeFile(file: TreeFile, from: string, staging: string, flush: boolean) {
  const content = await readFile(join(from, file.path));
  const target = join(staging, "files", file.path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { flush });
  return describe(file, content);
}

const describe = ({ path, executable }: TreeFile, content: Uint8Array) => ({
  path,
  sha256: sha256(content),
  executable,
});

/**
 * Moves a bundle to where it belongs. What stands there already is kept if it is whole, and replaced if a disk has damaged
 * it.
 */
export async function publishBundle(staging: string, store: BundleStore, digest: string): Promise<void> {
  const final = bundlePath(store, digest);
  await rename(staging, final).catch(async (error: unknown) => {
    await markUsed(final);
    if (await isWhole(store, digest)) return;
    await rename(final, `${staging}.damaged`).catch(() => Promise.reject(error));
    await rename(staging, final);
    await rm(`${staging}.damaged`, { recursive: true, force: true });
  });
}

async function isWhole(store: BundleStore, digest: string): Promise<boolean> {
  try {
    for (const file of (await readBundleManifest(store, digest)).files) await readStored(store, digest, file);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes the files of a bundle into an existing directory, each checked against its digest, and gives what it was made
 * with. Errors (service): `bundle-missing`, `bundle-damaged`.
 */
export async function loadBundle(store: BundleStore, digest: string, into: string): Promise<BundleOrigin> {
  const { files, tools, variables } = await readBundleManifest(store, digest);
  await markUsed(bundlePath(store, digest));
  for (const file of files) {
    const target = join(into, file.path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const mode = file.executable ? 0o700 : 0o600;
    await writeFile(target, await readStored(store, digest, file), { flag: "wx", mode });
  }
  return { tools, variables };
}

/** What a bundle holds. Errors (service): `bundle-missing`, `bundle-damaged`. */
export async function readBundleManifest(store: BundleStore, digest: string): Promise<BundleManifest> {
  if (!isDigest(digest)) throw missing(digest);
  const text = await readFile(join(bundlePath(store, digest), "manifest.json"), "utf8").catch(
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
  const path = join(bundlePath(store, digest), "files", file.path);
  const content = await readFile(path).catch((error: unknown) => {
    throw damaged(digest, file.path, error);
  });
  if (sha256(content) !== file.sha256) throw damaged(digest, file.path);
  return content;
}

/** The directory of all bundles of a store, each in one named by its digest. */
export const bundlesIn = ({ directory }: BundleStore): string => join(directory, "bundles");

/** Where a bundle lies, if it is there. */
export const bundlePath = (store: BundleStore, digest: string): string => join(bundlesIn(store), digest);

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
