import { access, constants } from "node:fs/promises";
import path from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";

/** Where `npm run setup` puts what the machine lacks. */
const installed = path.resolve(import.meta.dirname, "../../.waymark/tools/terraform");

/** Environment variables: WAYMARK_TERRAFORM and PATH decide which program is taken. */
export type TerraformChoice = Readonly<Record<string, string | undefined>>;

/**
 * The program to plan and apply with: WAYMARK_TERRAFORM, else what set-up installed, else the first on the PATH.
 * Error (service): `terraform-missing`.
 */
export async function findTerraform(choice: TerraformChoice): Promise<string> {
  if (choice.WAYMARK_TERRAFORM) return choice.WAYMARK_TERRAFORM;
  const searchPath = choice.PATH ?? "";
  const onPath = ["terraform", "tofu"].flatMap((name) =>
    searchPath.split(path.delimiter).map((directory) => path.join(directory, name)),
  );
  for (const file of [installed, ...onPath]) {
    if (path.isAbsolute(file) && (await isExecutable(file))) return file;
  }
  throw new WaymarkError({
    code: "terraform-missing",
    source: "service",
    class: "configuration",
    message: "Neither Terraform nor OpenTofu was found.",
    next: "Run npm run setup, which installs Terraform, or point WAYMARK_TERRAFORM at one.",
  });
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
