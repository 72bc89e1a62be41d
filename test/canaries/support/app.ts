import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { localBinding } from "../../../adapters/registry/local-binding.ts";
import { merge, proposeChange } from "../../../demo/stage/release.ts";
import type { Stage } from "../../../demo/stage/stage.ts";
import { policyPath } from "../../../promotion/policy.ts";
import { appFiles } from "../../jobs/phases/support/app.ts";

/** Made by Terraform itself and kept in the state; Terraform drops the mark on the way through `output`. */
const token = { input: `\${sensitive(uuid())}`, lifecycle: { ignore_changes: ["input"] } };

/** Merges an app into dev whose script is given the token. `branch`: what the change is called everywhere. */
export async function release(
  stage: Stage,
  branch: string,
  command: string,
): Promise<{ readonly commit: string; readonly at: number }> {
  const script = { command, environment: { TOKEN: `\${terraform_data.token.output}` } };
  const thing = { triggers_replace: branch, provisioner: [{ "local-exec": script }] };
  const output = { token: { value: `\${terraform_data.token.output}`, sensitive: true } };
  const files = appFiles({ only: { json: { resource: { terraform_data: { token, thing } }, output } } });
  const number = await proposeChange(stage, branch, async (clone) => {
    const all = { ...files, [policyPath]: "version: 1\n" };
    for (const [name, content] of Object.entries(all)) await writeFile(path.join(clone, name), content);
  });
  return await merge(stage, number);
}

const state = z.object({ outputs: z.object({ token: z.object({ value: z.string() }) }) });

/** The token as dev's state holds it. */
export async function readToken(stage: Stage): Promise<string> {
  const registry = await loadRegistry(path.join(stage.directory, "home", "core", "registry.json"));
  const [binding] = registry.bindings.filter(({ environment }) => environment === "dev").map(localBinding);
  const file = path.join(binding?.backend.directory ?? "", String(stage.repository.id), "only.tfstate");
  return state.parse(JSON.parse(await readFile(file, "utf8"))).outputs.token.value;
}
