import path from "node:path";
import { execa } from "execa";

const root = path.resolve(import.meta.dirname, "../..");

/** Compiles Waymark's own programs, as the npm scripts do before they start one. */
export async function buildService(): Promise<void> {
  await execa(process.execPath, ["scripts/build.mjs"], { cwd: root });
}

/** The compiled program. */
export const builtService = (name: "main" | "web" | "worker"): string =>
  path.join(root, ".waymark", "build", `${name}.mjs`);
