import type { Construct } from "constructs";
import type { GithubProvider } from "./provider.ts";
import type { RepositoryEnvironment } from "./repository-environment.ts";
import { GithubResource } from "./resource.ts";

export interface BranchRuleOptions {
  readonly provider: GithubProvider;
  readonly repository: string;
  readonly environment: RepositoryEnvironment;
  readonly branch: string;
}

/** `github_repository_environment_deployment_policy`: jobs on this branch may run in the environment. */
export class BranchRule extends GithubResource {
  constructor(
    scope: Construct,
    id: string,
    { provider, repository, environment, branch }: BranchRuleOptions,
  ) {
    super(scope, id, {
      type: "github_repository_environment_deployment_policy",
      provider,
      attributes: { repository, environment: environment.environment, branch_pattern: literal(branch) },
    });
  }
}

/** In Terraform's configuration ${ and %{ would start an expression, and git allows both in a branch's name. */
const literal = (text: string): string => text.replaceAll(/([$%])\{/g, "$1$1{");
