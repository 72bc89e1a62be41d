import { TerraformResource } from "cdktn";
import type { Construct } from "constructs";
import { type GithubProvider, githubProvider } from "./provider.ts";

export interface GithubResourceOptions {
  /** `github_…` */
  readonly type: string;
  readonly provider: GithubProvider;
  /** As Terraform's documentation names them; blocks are lists. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource of the GitHub provider. Each kind gives it typed options in a file of its own. */
export abstract class GithubResource extends TerraformResource {
  private readonly attributes: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, { type, provider, attributes }: GithubResourceOptions) {
    super(scope, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: githubProvider,
      provider,
    });
    this.attributes = attributes;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.attributes;
  }
}
