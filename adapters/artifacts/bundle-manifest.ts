import { createHash } from "node:crypto";
import { z } from "zod";

/** The versions of the tools that made a bundle, such as `terraform` and `cdktf`. */
export type ToolVersions = Readonly<Record<string, string>>;

/** What a bundle was made with. */
export interface BundleOrigin {
  readonly tools: ToolVersions;
  /** The policy's variables that synth was given. */
  readonly variables: Readonly<Record<string, string>>;
}

const digestPattern = /^[0-9a-f]{64}$/;
const pathSchema = z
  .string()
  .refine((path) => path.split("/").every((part) => !["", ".", ".."].includes(part)), "unsafe path");

const manifestSchema = z.strictObject({
  version: z.literal(1),
  tools: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()).default({}),
  files: z.array(
    z.strictObject({ path: pathSchema, sha256: z.string().regex(digestPattern), executable: z.boolean() }),
  ),
});

export type BundleManifest = z.output<typeof manifestSchema>;

/** The one text for a manifest: its digest is the name of the bundle, wherever and whenever it was made. */
export function formatManifest({ files, tools, variables }: Omit<BundleManifest, "version">): string {
  // Without any it looks as it did before they were sealed, too: a bundle of old keeps its digest.
  const given = Object.keys(variables).length > 0 ? { variables: inOrder(variables) } : {};
  const listed = files
    .map(({ path, sha256, executable }) => ({ path, sha256, executable }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ version: 1, tools: inOrder(tools), ...given, files: listed }, null, 1)}\n`;
}

function inOrder(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Errors: those of `JSON.parse` and zod. */
export function parseManifest(text: string): BundleManifest {
  return manifestSchema.parse(JSON.parse(text));
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** 64 hexadecimal digits: also keeps a record's trailer from naming a path. */
export const isDigest = (text: string): boolean => digestPattern.test(text);
