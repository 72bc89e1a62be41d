import { writeFile } from "node:fs/promises";
import { installationOf, type ProviderMirror } from "./provider-mirror.ts";

/**
 * Writes the only CLI configuration that Terraform gets: none of the machine's own applies. `mirror`: read instead of any
 * registry (Terraform's own plugin cache is not safe for inits side by side; a directory that nobody writes is).
 */
export async function writeCliConfig(file: string, mirror: ProviderMirror | undefined): Promise<void> {
  const installation = mirror === undefined ? "" : installationOf(mirror);
  await writeFile(file, `disable_checkpoint = true\n${installation}`, { mode: 0o600 });
}
