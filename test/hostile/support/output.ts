import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** What an app left in its output directory besides ordinary files. */
export type Leaving =
  | { readonly kind: "link"; readonly name: string; readonly to: string }
  | { readonly kind: "pipe"; readonly name: string }
  /** The name's bytes as hexadecimal digits. */
  | { readonly kind: "bytes"; readonly hex: string };

/** An output directory as data: a manifest, stacks, and whatever else. Text is written as it is, all else as JSON. */
export interface Output {
  readonly files: Readonly<Record<string, unknown>>;
  readonly leavings?: readonly Leaving[];
}

interface StackInput {
  /** The stack's own JSON; one with a local backend unless told. */
  readonly json?: unknown;
  readonly dependencies?: readonly string[];
  /** Merged over the stack's entry in the manifest. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

/** What CDKTF would have written for these stacks. */
export function outputOf(
  stacks: Readonly<Record<string, StackInput>>,
  files: Readonly<Record<string, unknown>> = {},
  leavings: readonly Leaving[] = [],
): Output {
  const entries = Object.entries(stacks).map(([name, { dependencies = [], entry }]) => {
    const workingDirectory = `stacks/${name}`;
    const synthesizedStackPath = `${workingDirectory}/cdk.tf.json`;
    const own = { name, constructPath: name, workingDirectory, synthesizedStackPath, dependencies };
    return [name, { ...own, annotations: [], ...entry }] as const;
  });
  const own = Object.entries(stacks).map(([name, { json }]) => [
    `stacks/${name}/cdk.tf.json`,
    json ?? { terraform: { backend: { local: { path: `${name}.tfstate` } } } },
  ]);
  const manifest = { version: "0.24.0", stacks: Object.fromEntries(entries) };
  return { files: { "manifest.json": manifest, ...Object.fromEntries(own), ...files }, leavings };
}

export async function writeOutput(directory: string, { files, leavings = [] }: Output): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(
      path.join(directory, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  for (const leaving of leavings) await leave(directory, leaving);
}

async function leave(directory: string, leaving: Leaving): Promise<void> {
  if (leaving.kind === "bytes") {
    const name = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(leaving.hex, "hex")]);
    return await writeFile(name, "x");
  }
  const place = path.join(directory, leaving.name);
  if (leaving.kind === "link") return await symlink(leaving.to, place);
  await promisify(execFile)("mkfifo", [place]);
}

/** Everything below a directory, by path, without following or opening what is no ordinary file. */
export async function snapshot(directory: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(directory, { recursive: true })).sort();
  const entries = names.map(async (name) => [name, await describe(path.join(directory, name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function describe(place: string): Promise<string> {
  const stat = await lstat(place).catch(() => undefined);
  if (stat?.isSymbolicLink()) return `link to ${await readlink(place)}`;
  return stat?.isFile() ? await readFile(place, "utf8") : "no file";
}
