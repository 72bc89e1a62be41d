import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { policyPath } from "../../promotion/policy.ts";

/** A stack of the bench's own application. */
export interface StackWish {
  readonly needs?: readonly string[];
  readonly resources?: number;
  /** Run when its first resource is made. */
  readonly command?: string;
}

export interface AppWish {
  readonly stacks: Readonly<Record<string, StackWish>>;
  /** The policy's `parallelism` in `dev`; its default unless told. */
  readonly parallelism?: number;
}

const source = path.resolve(import.meta.dirname, "../app");

/** Writes the application into a directory; another `value` replaces all resources. */
export async function writeApp(
  directory: string,
  { stacks, parallelism }: AppWish,
  value: string,
): Promise<void> {
  const isSource = (file: string): boolean => path.basename(file) !== "node_modules";
  await cp(source, directory, { recursive: true, filter: isSource });
  await writeFile(path.join(directory, "app.json"), `${JSON.stringify({ stacks, value })}\n`);
  await writeFile(path.join(directory, ".gitignore"), "node_modules/\ncdktf.out/\n*.tfstate*\n");
  const policy = path.join(directory, policyPath);
  await mkdir(path.dirname(policy), { recursive: true });
  const limit = parallelism === undefined ? "" : `parallelism: ${parallelism}`;
  await writeFile(policy, `version: 1\nenvironments:\n  dev: { ${limit} }\n`);
}
