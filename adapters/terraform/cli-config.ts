import { writeFile } from "node:fs/promises";

/**
 * Writes the only CLI configuration that Terraform gets: none of the machine's own applies. `mirror`: a directory with
 * providers, read instead of any registry (a shared plugin cache is not safe for inits side by side; this is).
 */
export async function writeCliConfig(file: string, mirror: string | undefined): Promise<void> {
  const installation = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  await writeFile(file, `disable_checkpoint = true\n${mirror === undefined ? "" : installation}`, {
    mode: 0o600,
  });
}
