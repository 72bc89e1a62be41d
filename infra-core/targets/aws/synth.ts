import { App } from "cdktn";
import type { AwsCoreConfig, AwsEnvironment } from "./config.ts";
import { canCopy } from "./delivery/copiers.ts";
import type { SynthesizedCoreStack } from "./lifecycle/stacks.ts";
import { AccountStack } from "./stacks/account-stack.ts";
import { CoreStack } from "./stacks/core-stack.ts";
import { EnvironmentStack } from "./stacks/environment-stack.ts";
import type { OwnState } from "./stacks/own-state.ts";

/** Why not `cdktf.json`: `useLockfile` needs to know the Terraform that is meant, wherever synth is called from. */
const context = { targetVersions: { terraform: ">=1.10.0" } };

/**
 * Synthesizes the core stacks of the `aws` target: `core`, one `account-<number>` per account, and one
 * `environment-<name>` per environment. Without a directory they go where CDK's own tools expect them. Gives them in
 * an order in which they can be applied.
 */
export function synthesizeAwsCore(
  config: AwsCoreConfig,
  state: OwnState,
  outdir?: string,
): readonly SynthesizedCoreStack[] {
  const app = new App({ context, ...(outdir && { outdir }) });
  const core = new CoreStack(app, config, state);
  const accounts = new Map<string, AccountStack>();
  const stacks = new Map<string, EnvironmentStack>();
  for (const environment of inOrder(config.environments)) {
    const { account } = environment;
    const accountStack = accounts.get(account) ?? new AccountStack(app, config, environment, state);
    accounts.set(account, accountStack);
    accountStack.addDependency(core);
    const { oidcProviderArn } = accountStack;
    const before = stackBefore(environment, config.environments, stacks);
    stacks.set(
      environment.name,
      new EnvironmentStack(app, { config, environment, oidcProviderArn, before, state }),
    );
  }
  app.synth();
  return [core, ...accounts.values(), ...stacks.values()].map(({ node, dependencies }) => ({
    name: node.id,
    needs: dependencies.map((needed) => needed.node.id),
  }));
}

/** Each environment behind the one that it comes after. */
function inOrder(environments: readonly AwsEnvironment[], after: string | null = null): AwsEnvironment[] {
  return environments
    .filter((environment) => environment.after === after)
    .flatMap((environment) => [environment, ...inOrder(environments, environment.name)]);
}

function stackBefore(
  environment: AwsEnvironment,
  environments: readonly AwsEnvironment[],
  stacks: ReadonlyMap<string, EnvironmentStack>,
): EnvironmentStack | undefined {
  const before = environments.find(({ name }) => name === environment.after);
  return before && canCopy(before, environment) ? stacks.get(before.name) : undefined;
}
