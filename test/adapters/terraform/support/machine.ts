import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectSandbox } from "../../../../adapters/sandbox/detect.ts";
import { detectTerraform } from "../../../../adapters/terraform/binary.ts";
import { writeCliConfig } from "../../../../adapters/terraform/cli-config.ts";
import { findTerraform } from "../../../../adapters/terraform/find.ts";
import { lockFile } from "../../../../adapters/terraform/init-digest.ts";
import type { StackWorkspace, TerraformTools } from "../../../../adapters/terraform/workspace.ts";
import { freshDirectory } from "../../../support/directory.ts";

/** This machine's Terraform, as a worker finds it, without any cache. */
export async function terraformHere(): Promise<TerraformTools> {
  const scratch = { home: await freshDirectory(), temporary: tmpdir() };
  const binary = await detectTerraform(await findTerraform(process.env), process.env, scratch);
  const sandbox = await detectSandbox(process.platform === "linux" ? "required" : "off");
  return { binary, sandbox, variables: process.env };
}

let places = 0;

/** A run of a stack in a place of its own below the root, as each deployment has one. */
export async function makeWorkspace(
  root: string,
  json: object,
  { providerMirror }: Pick<TerraformTools, "providerMirror">,
  lock?: string,
): Promise<StackWorkspace> {
  places += 1;
  const place = join(root, String(places));
  const [directory, run] = [join(place, "stack"), join(place, "run")];
  for (const path of [directory, run]) await mkdir(path, { recursive: true });
  await writeFile(join(directory, "cdk.tf.json"), JSON.stringify(json));
  if (lock !== undefined) await writeFile(join(directory, lockFile), lock);
  const [cliConfig, unsaved] = [join(place, "terraform.rc"), join(place, "unsaved")];
  await writeCliConfig(cliConfig, providerMirror);
  return { stack: "one", directory, run, cliConfig, unsaved, mounts: [], isLocal: true, locksPlans: true };
}
