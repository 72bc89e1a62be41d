import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { refuseGitDependencies } from "./git-dependencies.ts";
import { readPlainFile } from "./plain-file.ts";

/** The two files that say what to install; a repository's other npm settings are never honoured. */
export interface Dependencies {
  readonly manifest: string;
  readonly lock: string;
  /** Of everything that decides what is installed. */
  readonly digest: string;
}

const limit = 32 * 1024 * 1024;
const listSchema = z.record(z.string(), z.unknown()).default({});
const manifestSchema = z.object({
  dependencies: listSchema,
  devDependencies: listSchema,
  optionalDependencies: listSchema,
});

/**
 * What a checkout wants installed; undefined when it needs nothing.
 * Errors (user): `package-invalid`, `lock-missing`, `package-manager-unsupported`, `dependency-refused`, `file-refused`.
 */
export async function readDependencies(checkout: string): Promise<Dependencies | undefined> {
  const manifest = await readPlainFile(join(checkout, "package.json"), limit);
  if (manifest === undefined) return undefined;
  const wanted = parse("package.json", manifest);
  if (!wantsAnything(wanted)) return undefined;
  const lock = await readPlainFile(join(checkout, "package-lock.json"), limit);
  if (lock === undefined) throw await noLock(checkout);
  refuseGitDependencies(wanted, parse("package-lock.json", lock));
  return { manifest, lock, digest: digest(manifest, lock) };
}

function digest(...files: readonly string[]): string {
  const node = process.versions.node.split(".")[0] ?? "";
  const hash = createHash("sha256");
  for (const text of [...files, node, process.platform, process.arch]) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
}

function wantsAnything(manifest: unknown): boolean {
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success) throw invalid("package.json", z.prettifyError(parsed.error));
  return Object.values(parsed.data).some((list) => Object.keys(list).length > 0);
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, String(error));
  }
}

function invalid(file: string, reason: string): WaymarkError {
  return new WaymarkError({
    code: "package-invalid",
    source: "user",
    class: "code",
    message: `${file} can't be understood: ${reason}`,
    next: `Correct ${file}, then push.`,
  });
}

async function noLock(checkout: string): Promise<WaymarkError> {
  for (const [file, manager] of [
    ["yarn.lock", "Yarn"],
    ["pnpm-lock.yaml", "pnpm"],
    ["bun.lock", "Bun"],
  ] as const) {
    if ((await readPlainFile(join(checkout, file), limit)) === undefined) continue;
    return new WaymarkError({
      code: "package-manager-unsupported",
      source: "user",
      class: "code",
      message: `The app's dependencies are locked by ${manager} (${file}). Waymark installs with npm.`,
      next: "Run `npm install` once and commit package-lock.json.",
    });
  }
  return new WaymarkError({
    code: "lock-missing",
    source: "user",
    class: "code",
    message:
      "The app has dependencies but no package-lock.json, so what would be installed is anybody's guess.",
    next: "Run `npm install` and commit package-lock.json.",
  });
}
