import path from "node:path";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import type { AwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { awsCore } from "../../../infra-core/targets/aws/core.ts";
import { synthesizeInstalled } from "../../../infra-core/targets/aws/lifecycle/bindings.ts";
import type { Synthesize } from "../../../infra-core/targets/aws/lifecycle/stacks.ts";
import { leaveOut } from "./leave-out.ts";

/** How long the provider's download and all applies may take, in milliseconds. */
const patience = 300_000;

/**
 * Applies the core stacks as `npm run core -- apply` does, registry and all; `directory` is the core's own.
 * Errors (service): `terraform-failed`, for example where the provider can't be downloaded.
 */
export async function applyByTerraform(config: AwsCoreConfig, directory: string): Promise<void> {
  const core = awsCore({
    config,
    directory,
    synthesize: synthesizeForMoto,
    tools: {
      terraform: await findTerraform(process.env),
      approve: async () => true,
      report: () => undefined,
      signal: AbortSignal.timeout(patience),
    },
  });
  await core.apply();
}

const synthesizeForMoto: Synthesize = async (config, state, outdir) => {
  const stacks = await synthesizeInstalled(config, state, outdir);
  for (const { name } of stacks) await leaveOut(path.join(outdir, "stacks", name, "cdk.tf.json"));
  return stacks;
};
