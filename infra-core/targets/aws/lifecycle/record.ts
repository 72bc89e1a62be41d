import { z } from "zod";
import { bindingSchema } from "../../../../adapters/registry/schema.ts";
import { writeRegistry } from "../../../registry/write.ts";
import { registryAddress } from "./registry-address.ts";
import type { Installation, RunnableStack } from "./stacks.ts";

/** Writes the registry from what the environments' stacks say that they made. They must have been initialized. */
export async function recordBindings(
  stacks: readonly RunnableStack[],
  installation: Installation,
): Promise<void> {
  const { environments, repositories } = installation.config;
  const made = new Set(environments.map(({ name }) => `environment-${name}`));
  const bindings = [];
  for (const { run } of stacks.filter(({ name }) => made.has(name))) {
    const { output } = await run(["output", "-no-color", "-json", "bindings"]);
    bindings.push(...z.array(bindingSchema).parse(JSON.parse(output)));
  }
  const known = environments.map(({ name, branch, after }) => ({ name, branch, after }));
  const registry = { version: 1, environments: known, repositories, bindings };
  await writeRegistry(JSON.stringify(registry), registryAddress(installation));
}
