import { constants } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { exists, markUsed } from "../cache/entry.ts";
import { writeEntry } from "../cache/write-entry.ts";
import { initDigest, lockFile, readLock } from "./init-digest.ts";
import { areShared } from "./provider-entry.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/** What `init` once made for a stack of just this kind. May be deleted at any time. */
export interface KeptInit {
  /** Puts it in place; false: there is none, and `init` must run. */
  restore(): Promise<boolean>;
  /** Keeps what `init` has made. Must come before anything else has run there: later on an app's code may have. */
  keep(): Promise<void>;
}

/** Larger ones hold providers of their own, and copying those would cost what it saves. */
const largest = 256 * 1024;

const fileSchema = z.strictObject({ path: z.string(), content: z.base64(), executable: z.boolean() });
const linkSchema = z.strictObject({ path: z.string(), target: z.string() });

/** One file on disk for each entry: whoever reads it sees all of it, or nothing. */
const entrySchema = z.strictObject({
  data: z.array(z.union([fileSchema, linkSchema])),
  lock: z.string().nullable(),
});
type Entry = z.output<typeof entrySchema>;

/** `cache`: the directory of all entries. Undefined: what `init` makes for this stack can't be known beforehand. */
export async function keptInit(
  cache: string,
  workspace: StackWorkspace,
  tools: TerraformTools,
): Promise<KeptInit | undefined> {
  const digest = await initDigest(workspace, tools);
  if (digest === undefined) return undefined;
  const file = join(cache, `${digest}.json`);
  const data = join(workspace.run, "data");
  const { directory } = workspace;
  return {
    restore: async () => {
      const entry = await readEntry(file);
      if (!entry || !(await leadSomewhere(entry)) || !(await areShared(workspace, tools))) return false;
      for (const one of entry.data) await place(data, one);
      if (entry.lock !== null) await writeFile(join(directory, lockFile), entry.lock);
      return true;
    },
    keep: async () => {
      const entry = await describe(data, await readLock(directory));
      // What can't be kept is made again next time.
      if (entry !== undefined) await writeEntry(file, entry).catch(() => undefined);
    },
  };
}

/** Undefined when there is none, or none that can be read. One that is used is young again. */
async function readEntry(file: string): Promise<Entry | undefined> {
  try {
    const entry = entrySchema.parse(JSON.parse(await readFile(file, "utf8")));
    await markUsed(file);
    return entry;
  } catch {
    return undefined;
  }
}

/** Whether all providers that it links to are still in the mirror. */
async function leadSomewhere({ data }: Entry): Promise<boolean> {
  const targets = data.flatMap((one) => ("target" in one ? [one.target] : []));
  return (await Promise.all(targets.map(exists))).every(Boolean);
}

async function place(data: string, one: Entry["data"][number]): Promise<void> {
  const target = join(data, one.path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  if ("target" in one) await symlink(one.target, target);
  else await writeFile(target, one.content, { encoding: "base64", mode: one.executable ? 0o700 : 0o600 });
}

/** What lies there, while it is small and plain: undefined as soon as it is not. */
async function describe(data: string, lock: string | null): Promise<Entry | undefined> {
  // By their types, since Node follows links where it lists names alone: what all share is not the run's own.
  const found = await readdir(data, { recursive: true, withFileTypes: true });
  const paths = found.map(({ parentPath, name }) => relative(data, join(parentPath, name)));
  const described = await Promise.all(paths.map((path) => describeFile(data, path)));
  if (described.includes(undefined)) return undefined;
  const files = described.flatMap((one) => one ?? []);
  const size = files.reduce((sum, one) => sum + ("content" in one ? one.content.length : 0), 0);
  return size > largest ? undefined : { data: files, lock };
}

/** Nothing for a directory; undefined for what can't be kept. */
async function describeFile(data: string, path: string): Promise<Entry["data"] | undefined> {
  const file = join(data, path);
  const found = await lstat(file);
  if (found.isDirectory()) return [];
  if (found.isSymbolicLink()) return [{ path, target: await readlink(file) }];
  if (!found.isFile() || found.size > largest) return undefined;
  const executable = (found.mode & constants.S_IXUSR) !== 0;
  return [{ path, content: await readFile(file, "base64"), executable }];
}
