import type { Core } from "../../core.ts";
import { applyAll } from "./lifecycle/apply.ts";
import { keysOf } from "./lifecycle/clients.ts";
import { destroyAll } from "./lifecycle/destroy.ts";
import { planAll } from "./lifecycle/plan.ts";
import { recordBindings } from "./lifecycle/record.ts";
import { registryAddress } from "./lifecycle/registry-address.ts";
import { type Installation, withStacks } from "./lifecycle/stacks.ts";
import { verify } from "./verify/verify.ts";

/** The core stack on AWS. */
export function awsCore(installation: Installation): Core {
  return {
    registry: registryAddress(installation),
    identityIn: (environment) => {
      const { provisioner, region } =
        installation.config.environments.find(({ name }) => name === environment) ?? {};
      return provisioner && region ? () => keysOf(provisioner, region) : undefined;
    },
    plan: () => planAll(installation),
    apply: () => applyAll(installation),
    writeRegistry: () =>
      withStacks(installation, { type: "bucket" }, async (stacks) => {
        for (const { run } of stacks) await run(["init", "-no-color", "-input=false"]);
        await recordBindings(stacks, installation);
      }),
    verify: () => verify(installation),
    destroy: () => destroyAll(installation),
  };
}
