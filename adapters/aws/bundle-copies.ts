import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import { isDigest, parseManifest, sha256 } from "../artifacts/bundle-manifest.ts";
import {
  type BundleStore,
  bundlePath,
  bundlesIn,
  publishBundle,
  readBundleManifest,
} from "../artifacts/bundle-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { sideBySide } from "./side-by-side.ts";

// Files lie under what they hold: bundles share those that did not change, and no name that an app chose becomes a key.
const fileKey = (digest: string): string => `files/${digest}`;
const manifestKey = (digest: string): string => `bundles/${digest}.json`;

/**
 * Copies a sealed bundle from the local store. The manifest comes last: a bundle that has one is whole. What is there
 * already, and whole, stays. Errors (service): `bundle-missing`, `bundle-damaged`, `store-refused`, `store-unreachable`.
 */
export async function uploadBundle(store: BundleStore, digest: string, objects: ObjectStore): Promise<void> {
  const { files } = await readBundleManifest(store, digest);
  const path = bundlePath(store, digest);
  const bySum = new Map(files.map((file) => [file.sha256, file.path]));
  await sideBySide([...bySum], async ([sum, name]) => {
    const content = await readFile(join(path, "files", name));
    if (sha256(content) !== sum) throw damaged(digest, name);
    await objects.put(fileKey(sum), content);
  });
  await objects.put(manifestKey(digest), await readFile(join(path, "manifest.json")));
}

/**
 * Copies a bundle into the local store, where it is whole or not at all. One that a disk has damaged makes room.
 * Errors (service): `bundle-missing`, `bundle-damaged`, `store-refused`, `store-unreachable`.
 */
export async function downloadBundle(
  store: BundleStore,
  digest: string,
  objects: ObjectStore,
): Promise<void> {
  const manifest = isDigest(digest) ? await objects.read(manifestKey(digest)) : undefined;
  if (manifest === undefined) throw missing(digest);
  if (sha256(manifest) !== digest) throw damaged(digest, "manifest.json");
  const staging = join(bundlesIn(store), `.${randomUUID()}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    await sideBySide(parseManifest(Buffer.from(manifest).toString()).files, async ({ path, sha256: sum }) => {
      const content = await objects.read(fileKey(sum));
      if (content === undefined || sha256(content) !== sum) throw damaged(digest, path);
      const target = join(staging, "files", path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, content, { flush: true });
    });
    await writeFile(join(staging, "manifest.json"), manifest, { flush: true });
    await publishBundle(staging, store, digest);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const deployAnew = "Restore an earlier version of the object in its bucket, or merge the commit again.";

const missing = (digest: string): WaymarkError =>
  new WaymarkError({
    code: "bundle-missing",
    source: "service",
    class: "configuration",
    message: `The bundle ${digest.slice(0, 64)} is not in this environment's bucket.`,
    next: deployAnew,
  });

const damaged = (digest: string, file: string): WaymarkError =>
  new WaymarkError({
    code: "bundle-damaged",
    source: "service",
    class: "configuration",
    message: `The bundle ${digest} is damaged: ${file} is not what was sealed.`,
    next: deployAnew,
  });
