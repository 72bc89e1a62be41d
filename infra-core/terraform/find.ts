import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";

const installed = join(import.meta.dirname, "../../.waymark/tools/terraform");

/**
 * The Terraform or OpenTofu to run: WAYMARK_TERRAFORM, else what set-up downloaded, else the first on the PATH.
 * @throws WaymarkError `terraform-missing` (service)
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.WAYMARK_TERRAFORM) return env.WAYMARK_TERRAFORM;
  const directories = (env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  const onPath = ["terraform", "tofu"].flatMap((name) =>
    directories.map((directory) => join(directory, name)),
  );
  for (const candidate of [installed, ...onPath]) if (await isExecutable(candidate)) return candidate;
  throw new WaymarkError({
    code: "terraform-missing",
    source: "service",
    class: "configuration",
    message: "Neither terraform nor tofu was found.",
    next: "Run node scripts/setup.mjs, or set WAYMARK_TERRAFORM to the program.",
  });
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
