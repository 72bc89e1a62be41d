import type { Construct } from "constructs";
import type { GithubProvider } from "./provider.ts";
import { GithubResource } from "./resource.ts";

export interface RepositoryEnvironmentOptions {
  readonly provider: GithubProvider;
  /** Without its owner. */
  readonly repository: string;
  readonly environment: string;
}

/**
 * `github_repository_environment`: only branches that a rule names may use it, and admins can't step over the rule.
 * Without any rule no branch may.
 */
export class RepositoryEnvironment extends GithubResource {
  constructor(
    scope: Construct,
    id: string,
    { provider, repository, environment }: RepositoryEnvironmentOptions,
  ) {
    super(scope, id, {
      type: "github_repository_environment",
      provider,
      attributes: {
        repository,
        environment,
        can_admins_bypass: false,
        deployment_branch_policy: [{ protected_branches: false, custom_branch_policies: true }],
      },
    });
  }

  /** Its name; whoever refers to it comes after it. */
  get environment(): string {
    return this.getStringAttribute("environment");
  }
}
