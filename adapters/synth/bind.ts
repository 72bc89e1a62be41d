import { writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";
import type { TreeFile } from "../artifacts/tree.ts";
import type { BackendBlock } from "./backend-block.ts";
import { type SynthManifest, stackFile } from "./manifest.ts";
import { readPlainFile } from "./plain-file.ts";
import type { Bounds } from "./refusals/bounds.ts";
import { isConfiguration, moduleLimit, refuseModuleFile } from "./refusals/module-file.ts";
import { refuseStack } from "./refusals/stack.ts";
import { bindStack, originalBackend, parseStack, type StackJson, type StackPlace } from "./stack-json.ts";

const limit = 64 * 1024 * 1024;

/** What an environment asks of an app's output. */
export interface Demands {
  backendOf(stack: string): BackendBlock;
  readonly bounds: Bounds;
}

/**
 * Puts this environment's backends into every stack of an output directory. Doing it again changes nothing.
 * Errors (user): `stack-refused`, `foreign-remote-state`, and those of leaving the bounds: `foreign-place`,
 * `foreign-identity`, `forbidden-by-binding`.
 */
export async function bindBackends(
  output: string,
  files: readonly TreeFile[],
  { stacks }: SynthManifest,
  { backendOf, bounds }: Demands,
): Promise<void> {
  await refuseOtherConfiguration(output, files, new Set(stacks.map(({ directory }) => directory)), bounds);
  const parsed = new Map<string, StackJson>();
  for (const { name, directory } of stacks) {
    const text = await readPlainFile(join(output, directory, stackFile), limit);
    parsed.set(name, parseStack(text ?? "", name));
  }
  const places = new Map<string, StackPlace>(
    [...parsed].map(([name, json]) => [name, { original: originalBackend(json), bound: backendOf(name) }]),
  );
  // All before the first is written: an output that is refused stays as the app made it.
  const bound = [...parsed].map(([name, json]) => {
    const stack = bindStack(json, name, places);
    refuseStack(name, stack, places.get(name)?.original, bounds);
    return [name, format(stack)] as const;
  });
  const texts = new Map(bound);
  for (const { name, directory } of stacks) {
    await writeFile(join(output, directory, stackFile), texts.get(name) ?? "");
  }
}

const format = (json: StackJson): string => `${JSON.stringify(json, null, 2)}\n`;

/**
 * Terraform merges all configuration of a directory, so another file beside the stack's own could bring its backend
 * back. Files further down are modules'.
 */
async function refuseOtherConfiguration(
  output: string,
  files: readonly TreeFile[],
  stackDirectories: ReadonlySet<string>,
  bounds: Bounds,
): Promise<void> {
  for (const { path } of files) {
    // Terraform takes over what it finds as terraform.tfstate, and people push an errored.tfstate by hand.
    if (/\.tfstate(?:\.backup)?$/i.test(path)) throw refused(path, "a state, which no app may bring");
    if (!isConfiguration(path)) continue;
    if (posix.basename(path) === stackFile && stackDirectories.has(posix.dirname(path))) continue;
    if (stackDirectories.has(posix.dirname(path)))
      throw refused(path, "Terraform configuration beside the stack's own file");
    const text = (await readPlainFile(join(output, path), moduleLimit)) ?? "";
    refuseModuleFile({ address: path }, text, bounds);
  }
}

function refused(path: string, what: string): WaymarkError {
  return new WaymarkError({
    code: "foreign-remote-state",
    source: "user",
    class: "code",
    message: `The app synthesized ${path}: ${what}.`,
    next: "Keep the whole stack in the app, and pass values to modules as their inputs.",
  });
}
