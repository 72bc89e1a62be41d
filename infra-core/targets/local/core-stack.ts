import { LocalBackend, TerraformOutput, TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import type { Environment } from "../../../promotion/environment.ts";
import { LocalBinding } from "./binding.ts";
import type { CoreConfig } from "./config.ts";
import { coreStateFile } from "./home.ts";

/** Every environment of every repository on this machine. Output `registry`: the core registry file's content. */
export class CoreStack extends TerraformStack {
  constructor(scope: Construct, config: CoreConfig) {
    super(scope, "core");
    new LocalBackend(this, { path: coreStateFile(config.home) });
    const { version, repositories } = config;
    const environments = config.environments.map(({ forbids: _, ...environment }) =>
      withoutNulls(environment),
    );
    const bindings = bindingKeys(config).map((key) => this.bind(config, key));
    new TerraformOutput(this, "registry", {
      value: { version, environments, repositories, bindings },
      staticId: true,
    });
  }

  private bind({ home, environments }: CoreConfig, { repositoryId, environment }: BindingKey) {
    const { backend, artifacts } = new LocalBinding(this, { home, repositoryId, environment });
    return {
      repositoryId,
      environment,
      backend: { type: "local", directory: backend.path },
      artifacts: { type: "local", directory: artifacts.path },
      forbids: environments.find(({ name }) => name === environment)?.forbids,
    };
  }
}

interface BindingKey {
  readonly repositoryId: number;
  readonly environment: string;
}

/** Each environment of each repository. */
export function bindingKeys({ repositories, environments }: CoreConfig): BindingKey[] {
  return repositories.flatMap(({ id }) =>
    environments.map(({ name }) => ({ repositoryId: id, environment: name })),
  );
}

/** As cdktn wants values: it can't synthesize null. */
function withoutNulls(environment: Environment) {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== null));
}
