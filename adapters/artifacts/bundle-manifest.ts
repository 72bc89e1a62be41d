import { createHash } from "node:crypto";
import { z } from "zod";

/** The versions of the tools that made a bundle, such as `terraform` and `cdktf`. */
export type ToolVersions = Readonly<Record<string, string>>;

const digestPattern = /^[0-9a-f]{64}$/;
const pathSchema = z
  .string()
  .refine((path) => path.split("/").every((part) => !["", ".", ".."].includes(part)), "unsafe path");

const manifestSchema = z.strictObject({
  version: z.literal(1),
  tools: z.record(z.string(), z.string()),
  files: z.array(
    z.strictObject({ path: pathSchema, sha256: z.string().regex(digestPattern), executable: z.boolean() }),
  ),
});

export type BundleManifest = z.output<typeof manifestSchema>;

/** The one text for a manifest: its digest is the name of the bundle, wherever and whenever it was made. */
export function formatManifest({ files, tools }: Omit<BundleManifest, "version">): string {
  const sorted = Object.fromEntries(Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1)));
  const listed = files
    .map(({ path, sha256, executable }) => ({ path, sha256, executable }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ version: 1, tools: sorted, files: listed }, null, 1)}\n`;
}

/** Errors: those of `JSON.parse` and zod. */
export function parseManifest(text: string): BundleManifest {
  return manifestSchema.parse(JSON.parse(text));
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** 64 hexadecimal digits: also keeps a record's trailer from naming a path. */
export const isDigest = (text: string): boolean => digestPattern.test(text);
