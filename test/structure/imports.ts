import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Source files: path from the root, with forward slashes → text. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** A path from the root when it was relative, else as it was written: `zod`, `node:path`. */
  readonly to: string;
  /** It vanishes when the types are stripped. */
  readonly typeOnly: boolean;
}

const skipped = /^(node_modules|dist|cdktf\.out|coverage|\..*)$/;

/** Every TypeScript and JavaScript file below the root that is not installed or generated. */
export async function readSources(root: string): Promise<Sources> {
  const files = await listFiles(root, "");
  return new Map(await Promise.all(files.map(async (file) => [file, await readText(root, file)] as const)));
}

async function listFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const name = path.posix.join(folder, entry.name);
    if (skipped.test(entry.name)) return [];
    if (entry.isDirectory()) return await listFiles(root, name);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [name] : [];
  });
  return (await Promise.all(lists)).flat();
}

const readText = (root: string, file: string) => readFile(path.join(root, file), "utf8");

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`. */
const specifiers =
  /(?:^|[\n;])\s*(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/g;

/** All imports of all files. */
export function importsOf(sources: Sources): readonly Import[] {
  return [...sources].flatMap(([from, text]) =>
    [...text.matchAll(specifiers)].map((match) => ({
      from,
      to: resolve(from, match[3] ?? match[4] ?? ""),
      typeOnly: match[2] !== undefined,
    })),
  );
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith(".") ? path.posix.join(path.posix.dirname(from), specifier) : specifier;
}
