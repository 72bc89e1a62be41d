import { stat } from "node:fs/promises";
import type { TerraformRun } from "../../terraform/run.ts";
import { type BoundDirectory, boundDirectories } from "./binding.ts";
import type { CoreConfig } from "./config.ts";
import { bindingKeys } from "./core-stack.ts";
import { creationAddress } from "./private-directory.ts";

/** Where the saved plan is, within the stack's directory. */
export const planFile = "core.tfplan";

const changesPlanned = 2;

/** A plan as Terraform shows it; undefined when nothing is to be done. */
export async function plan(config: CoreConfig, terraform: TerraformRun): Promise<string | undefined> {
  // Terraform doesn't look at the disk: what is lost there, or was never made by a killed run, is made again.
  const lost = (await unusableDirectories(config)).map(({ id }) => `-replace=${creationAddress(id)}`);
  const args = ["plan", "-no-color", "-lock-timeout=60s", "-detailed-exitcode", `-out=${planFile}`, ...lost];
  const { output, exitCode } = await terraform(args, { exitCodes: [0, changesPlanned] });
  return exitCode === changesPlanned ? output : undefined;
}

/** The directories that are missing, or that others may enter. */
export async function unusableDirectories(config: CoreConfig): Promise<BoundDirectory[]> {
  const directories = bindingKeys(config).flatMap((key) => boundDirectories({ home: config.home, ...key }));
  const usable = await Promise.all(directories.map(({ path }) => isPrivateDirectory(path)));
  return directories.filter((_, index) => !usable[index]);
}

async function isPrivateDirectory(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() && (stats.mode & 0o777) === 0o700;
  } catch {
    return false;
  }
}
