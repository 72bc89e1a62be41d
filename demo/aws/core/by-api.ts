import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeRegistry } from "../../../infra-core/registry/write.ts";
import type { AwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { synthesizeInstalled } from "../../../infra-core/targets/aws/lifecycle/bindings.ts";
import type { Clients } from "../clients.ts";
import { makeCore } from "./make.ts";
import { parseStack, type Stack } from "./stack.ts";

/** Makes what the synthesized core stacks describe by API, and writes the registry to its address. */
export async function applyByApi(config: AwsCoreConfig, clients: Clients): Promise<void> {
  const bindings = await makeCore(clients, await synthesizeStacks(config));
  const environments = config.environments.map(({ name, branch, after }) => ({ name, branch, after }));
  const written = { version: 1, environments, repositories: config.repositories, bindings };
  await writeRegistry(JSON.stringify(written), config.registry ?? "");
}

async function synthesizeStacks(config: AwsCoreConfig): Promise<readonly Stack[]> {
  const outdir = await mkdtemp(path.join(tmpdir(), "waymark-core-"));
  try {
    const stacks = await synthesizeInstalled(config, { type: "bucket" }, outdir);
    return await Promise.all(
      stacks.map(async ({ name }) => {
        const text = await readFile(path.join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
        return parseStack(name, text);
      }),
    );
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
