import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadCoreConfig } from "../../../infra-core/targets/local/config.ts";
import { freshDirectory } from "../../support/directory.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax that is refused here
test.each(["${path.root}/x", "%{ if true }x%{ endif }", ""])("a home of %j is refused", async (home) => {
  const file = join(await freshDirectory(), "core.yml");
  await writeFile(file, stringify({ version: 1, home, repositories: [] }));
  await expect(loadCoreConfig(file)).rejects.toMatchObject({ code: "core-config-invalid" });
});
