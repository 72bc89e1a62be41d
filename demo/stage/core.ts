import { writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { Environment } from "../../promotion/environment.ts";
import type { CreatedRepository } from "../github/owner/repositories.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** What the admin of a stage decides. */
export interface CoreWish {
  /** The stage's: Waymark's home is below it. */
  readonly directory: string;
  readonly repositories: readonly Pick<CreatedRepository, "id" | "fullName">[];
  /** The usual three unless told. */
  readonly environments?: readonly Environment[];
}

/** Writes the admin's file and applies the core stack from it, as the command line does. Gives what that printed. */
export async function bootstrapCore({ directory, repositories, environments }: CoreWish): Promise<string> {
  const file = path.join(directory, "core.json");
  const config = {
    version: 1,
    home: path.join(directory, "home"),
    repositories: repositories.map(({ id, fullName }) => ({ id, fullName })),
    ...(environments && { environments }),
  };
  await writeFile(file, JSON.stringify(config));
  const command = ["--import", "tsx", "infra-core/cli.ts", "apply", "--config", file, "--yes"];
  const { stdout } = await execa(process.execPath, command, { cwd: root });
  return stdout;
}
