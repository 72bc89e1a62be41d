import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../synth/json.ts";
import { stackFile } from "../synth/manifest.ts";
import { readPlainFile } from "../synth/plain-file.ts";
import type { StackWorkspace, TerraformTools } from "./workspace.ts";

/** What `init` writes of the providers it has chosen, beside a stack. */
export const lockFile = ".terraform.lock.hcl";

/** Bytes. */
export const largestStack = 64 * 1024 * 1024;
/** Bytes: a line or two for each platform of each provider. */
const largestLock = 1024 * 1024;

/** What `init` reads word by word. */
const wholeSchema = z.object({
  terraform: z.unknown().optional(),
  provider: z.unknown().optional(),
  variable: z.unknown().optional(),
  moved: z.unknown().optional(),
  import: z.unknown().optional(),
  removed: z.unknown().optional(),
});

/** Of these, plain values mean nothing to it. */
const shapedSchema = z.object({
  locals: z.unknown().optional(),
  output: z.unknown().optional(),
  resource: z.unknown().optional(),
  data: z.unknown().optional(),
});

/** Modules would have to be read, too, and what nobody knows here might mean something: no digest for these. */
const stackSchema = z.strictObject({
  ...wholeSchema.shape,
  ...shapedSchema.shape,
  "//": z.unknown().optional(),
});

/**
 * The digest of everything that decides what `init` makes for a stack, and whether it refuses it: its backend, the
 * providers it needs, the shape of all the rest, the lock file, and the program. Undefined: that can't be told.
 */
export async function initDigest(
  { directory }: Pick<StackWorkspace, "directory">,
  { binary, providerMirror }: Pick<TerraformTools, "binary" | "providerMirror">,
): Promise<string | undefined> {
  const stack = stackSchema.safeParse(await readStack(directory));
  if (!stack.success) return undefined;
  const told = {
    format: 2,
    program: [binary.name, binary.version, binary.path, providerMirror, process.platform, process.arch],
    whole: wholeSchema.parse(stack.data),
    shape: shapeOf(shapedSchema.parse(stack.data)),
    lock: await readLock(directory),
  };
  return createHash("sha256").update(JSON.stringify(told)).digest("hex");
}

/** Undefined: `init` itself shall say what is wrong with it. */
async function readStack(directory: string): Promise<unknown> {
  const text = await readPlainFile(join(directory, stackFile), largestStack);
  try {
    return text === undefined ? undefined : parseJson(text);
  } catch {
    return undefined;
  }
}

/** The provider lock file beside a stack, if it is no link: what was applied may have put one there. Null: none. */
export async function readLock(directory: string): Promise<string | null> {
  return (await readPlainFile(join(directory, lockFile), largestLock)) ?? null;
}

/** Arguments that Terraform understands while it reads, before it evaluates anything. */
const readAtOnce = new Set(["provider", "lifecycle", "depends_on", "count", "for_each", "precondition"]);

/** The names and the nesting of a value, with just the kind of each plain value in place of it. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    readAtOnce.has(key) ? inner : shapeOf(inner),
  ]);
  return Object.fromEntries(entries);
}
