import { TerraformProvider } from "cdktn";
import type { Construct } from "constructs";
import type { RegisteredRepository } from "../../../../adapters/registry/schema.ts";

/** Which provider, for every construct of it: its binding packages can't be had for cdktn. */
export const githubProvider = {
  providerName: "github",
  providerVersionConstraint: "~> 6.6",
} as const;

/**
 * Terraform's access to the repositories of one owner. It holds no credentials: GITHUB_TOKEN, or the variables
 * GITHUB_APP_ID, GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PEM_FILE, come from the admin's environment.
 */
export class GithubProvider extends TerraformProvider {
  private readonly owner: string;

  constructor(scope: Construct, owner: string) {
    super(scope, `github-${owner}`, {
      terraformResourceType: "github",
      terraformProviderSource: "integrations/github",
      terraformGeneratorMetadata: githubProvider,
    });
    this.owner = owner;
  }

  /** An owner may begin with a digit, an alias may not. */
  override get alias(): string {
    return `owner-${this.owner}`;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { alias: this.alias, owner: this.owner };
  }
}

/** The provider for a repository's owner, one per scope and owner. */
export function githubOf(scope: Construct, { fullName }: RegisteredRepository): GithubProvider {
  const owner = fullName.split("/")[0] ?? fullName;
  const made = scope.node.tryFindChild(`github-${owner}`);
  return made instanceof GithubProvider ? made : new GithubProvider(scope, owner);
}
