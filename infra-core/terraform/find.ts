import { join } from "node:path";
import { findTerraform } from "../../adapters/terraform/find.ts";

const projectDirectory = join(import.meta.dirname, "../../.waymark");

/**
 * The Terraform or OpenTofu to run: WAYMARK_TERRAFORM, else what set-up downloaded, else the first on the PATH.
 * @throws WaymarkError `terraform-missing` (service)
 */
export function chosenTerraform(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return findTerraform(env.WAYMARK_TERRAFORM || undefined, projectDirectory, env.PATH ?? "");
}
