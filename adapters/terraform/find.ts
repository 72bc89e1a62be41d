import { access, constants } from "node:fs/promises";
import path from "node:path";
import { WaymarkError } from "../../promotion/failure.ts";

/** The program to plan and apply with: the one that is named, the one that set-up installed, or one on the PATH. */
export async function findTerraform(
  named: string | undefined,
  home: string,
  searchPath: string,
): Promise<string> {
  if (named !== undefined) return named;
  const installed = path.join(home, "tools", "terraform");
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
