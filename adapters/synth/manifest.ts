import { join, posix } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import type { StackNode } from "../../promotion/stack-graph.ts";
import type { TreeFile } from "../artifacts/tree.ts";
import { parseJson } from "./json.ts";
import { readPlainFile } from "./plain-file.ts";

/** A synthesized stack. */
export interface SynthesizedStack extends StackNode {
  /** Its Terraform working directory, relative to the output. */
  readonly directory: string;
}

/** What the app says it synthesized. */
export interface SynthManifest {
  /** Of the CDKTF library. */
  readonly version: string;
  readonly stacks: readonly SynthesizedStack[];
}

/** The file in a stack's directory that holds the whole stack. */
export const stackFile = "cdk.tf.json";

const limit = 4 * 1024 * 1024;
const maximumStacks = 200;

/** Names become file names, state keys and texts. */
const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "a stack's name may hold letters, digits, dots, dashes and underscores",
  );

const stackSchema = z.looseObject({
  name: nameSchema,
  constructPath: z.string().optional(),
  synthesizedStackPath: z.string(),
  workingDirectory: z.string(),
  dependencies: z.array(z.string()).default([]),
});

const manifestSchema = z.looseObject({
  version: z.string().max(100),
  stacks: z.record(z.string(), stackSchema),
});

/**
 * Reads the manifest of an output directory whose files are `files`. Everything in it was chosen by the app.
 * Errors (user): `synth-empty`, `manifest-refused`.
 */
export async function readManifest(output: string, files: readonly TreeFile[]): Promise<SynthManifest> {
  const text = await readPlainFile(join(output, "manifest.json"), limit);
  if (text === undefined) throw empty();
  const { version, stacks } = parse(text);
  const found = Object.values(stacks);
  const byPath = new Map(found.map((stack) => [stack.constructPath ?? stack.name, stack.name]));
  assertDistinct(found.map(({ name }) => name));
  assertApart(found.map(({ workingDirectory }) => posix.normalize(workingDirectory)));
  const paths = new Set(files.map(({ path }) => path));
  return {
    version,
    stacks: found.map((stack) => ({
      name: stack.name,
      directory: directoryOf(stack, paths),
      dependencies: stack.dependencies.map((path) => byPath.get(path) ?? path),
    })),
  };
}

function parse(text: string): z.output<typeof manifestSchema> {
  try {
    const manifest = manifestSchema.parse(parseJson(text));
    const count = Object.keys(manifest.stacks).length;
    if (count === 0) throw new Error("it names no stack");
    if (count > maximumStacks) throw new Error(`it names more than ${maximumStacks} stacks`);
    return manifest;
  } catch (error) {
    throw refused(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

/** Only a path that the walk over the output found can be meant: it leads neither out nor through a link. */
function directoryOf(stack: z.output<typeof stackSchema>, paths: ReadonlySet<string>): string {
  const directory = posix.normalize(stack.workingDirectory);
  if (posix.normalize(stack.synthesizedStackPath) !== `${directory}/${stackFile}`) {
    throw refused(`stack ${stack.name} is not in a file named ${stackFile} of its own directory`);
  }
  if (!paths.has(`${directory}/${stackFile}`))
    throw refused(`the file of stack ${stack.name} is not in the output`);
  return directory;
}

/** Some file systems take upper and lower case for the same. */
function assertDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) throw refused(`two stacks share the name or directory ${name}`);
    seen.add(name.toLowerCase());
  }
}

/** What a stack runs may write into its own directory: another one's files in there would not be what was sealed. */
function assertApart(directories: readonly string[]): void {
  assertDistinct(directories);
  for (const outer of directories) {
    const inner = directories.find((directory) => directory.startsWith(`${outer}/`));
    if (inner !== undefined) throw refused(`the directory ${inner} of a stack lies within another stack's`);
  }
}

function empty(): WaymarkError {
  return new WaymarkError({
    code: "synth-empty",
    source: "user",
    class: "code",
    message: "The app ran, but wrote no manifest.json into the directory that CDKTF_OUTDIR names.",
    next: "Make sure that the command in cdktf.json calls app.synth(), and that App is given no other outdir.",
  });
}

function refused(reason: string): WaymarkError {
  return new WaymarkError({
    code: "manifest-refused",
    source: "user",
    class: "code",
    message: `The synthesized manifest.json can't be used: ${reason}`.slice(0, 1000),
    next: "Synthesize with cdktn or cdktf as they are, into JSON.",
  });
}
