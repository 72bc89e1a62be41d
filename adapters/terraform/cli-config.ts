import { writeFile } from "node:fs/promises";
import { installationOf, type ProviderMirror, type SharedProvider } from "./provider-mirror.ts";

/**
 * Writes the only CLI configuration that Terraform gets: none of the machine's own applies. `mirror`: read instead of any
 * registry. `shared`: providers that are linked to. (Terraform's own plugin cache is not safe for inits side by side;
 * directories that nobody writes are.)
 */
export async function writeCliConfig(
  file: string,
  mirror: ProviderMirror | undefined,
  shared: readonly SharedProvider[] = [],
): Promise<void> {
  const text = `disable_checkpoint = true\n${installationOf(mirror, shared)}`;
  await writeFile(file, text, { mode: 0o600 });
}
