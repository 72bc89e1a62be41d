import path from "node:path";
import { execa } from "execa";
import { installPackages } from "../../../scripts/setup/npm-packages.mjs";

/** A command line that deploys the application, and the search path on which it finds its Node. */
export interface Program {
  readonly file: string;
  readonly searchPath: string;
}

const peer = path.resolve(import.meta.dirname, "../../peer");
const ownPath = process.env.PATH ?? "";

/** The archived cdktf's own command, installed beside the bench at its first run. */
export async function cdktf(): Promise<Program> {
  await installPackages(peer);
  return { file: path.join(peer, "node_modules", ".bin", "cdktf"), searchPath: ownPath };
}

/** The command of its successor, which needs a newer Node. Undefined when npm can't fetch them. */
export async function cdktn(): Promise<Program | undefined> {
  const packages = ["-p", "node@22", "-p", "cdktn-cli@0.24"];
  // Asked once where they are: starting them through npx each time would count against them.
  const { stdout, failed } = await execa("npx", ["--yes", ...packages, "-c", "command -v cdktn"], {
    reject: false,
  });
  const file = stdout?.trim() ?? "";
  if (failed || !path.isAbsolute(file)) return undefined;
  return { file, searchPath: [path.dirname(file), ownPath].join(path.delimiter) };
}
