import type { Construct } from "constructs";
import type { GithubProvider } from "./provider.ts";
import type { RepositoryEnvironment } from "./repository-environment.ts";
import { GithubResource } from "./resource.ts";

export interface EnvironmentVariableOptions {
  readonly provider: GithubProvider;
  readonly repository: string;
  readonly environment: RepositoryEnvironment;
  readonly name: string;
  /** Never a secret: whoever may read the repository's settings can see it. */
  readonly value: string;
}

/** `github_actions_environment_variable`: what a workflow finds under `vars`. */
export class EnvironmentVariable extends GithubResource {
  constructor(scope: Construct, id: string, options: EnvironmentVariableOptions) {
    const { provider, repository, environment, name, value } = options;
    super(scope, id, {
      type: "github_actions_environment_variable",
      provider,
      attributes: { repository, environment: environment.environment, variable_name: name, value },
    });
  }
}
