import { Construct } from "constructs";
import type { RegisteredRepository } from "../../../../adapters/registry/schema.ts";
import { BranchRule } from "../github/branch-rule.ts";
import { EnvironmentVariable } from "../github/environment-variable.ts";
import type { GithubProvider } from "../github/provider.ts";
import { RecordRuleset } from "../github/record-ruleset.ts";
import { RepositoryEnvironment } from "../github/repository-environment.ts";
import type { Owner } from "../names.ts";
import type { Place } from "../place.ts";
import { type Copier, ImageRepository } from "./image-repository.ts";
import { PushRole } from "./push-role.ts";

export interface DeliveryOptions {
  readonly owner: Owner;
  readonly place: Place;
  readonly repository: RegisteredRepository;
  /** The environment's branch; null: no workflow may run in it. */
  readonly branch: string | null;
  readonly oidcProviderArn: string;
  readonly boundaryArn: string;
  readonly copiers: readonly Copier[];
  /** ARN and address of the image repository of the environment before this one. */
  readonly source?: { readonly arn: string; readonly url: string } | undefined;
  readonly github: GithubProvider;
  readonly appId: number;
}

/** How a repository's images get into an environment: where they go, who may bring them, and from which branch. */
export class Delivery extends Construct {
  readonly images: ImageRepository;

  constructor(scope: Construct, id: string, options: DeliveryOptions) {
    super(scope, id);
    const { owner, repository, copiers, source } = options;
    this.images = new ImageRepository(this, "images", {
      environment: owner.environment,
      fullName: repository.fullName,
      copiers,
    });
    const role = new PushRole(this, "push", {
      ...options,
      imagesArn: this.images.arn,
      sourceArn: source?.arn,
    });
    this.tellGithub(options, {
      AWS_REGION: options.place.region,
      AWS_PUSH_ROLE: role.arn,
      IMAGE_REPOSITORY: this.images.url,
      ...(source && { SOURCE_IMAGE_REPOSITORY: source.url }),
    });
  }

  private tellGithub(options: DeliveryOptions, variables: Readonly<Record<string, string>>): void {
    const { github: provider, owner, branch, appId } = options;
    const repository = nameOf(options.repository);
    const target = { provider, repository, environment: owner.environment };
    const environment = new RepositoryEnvironment(this, "environment", target);
    if (branch !== null) new BranchRule(this, "branch", { provider, repository, environment, branch });
    for (const [name, value] of Object.entries(variables)) {
      new EnvironmentVariable(this, name, { provider, repository, environment, name, value });
    }
    new RecordRuleset(this, "records", { ...target, appId });
  }
}

const nameOf = ({ fullName }: RegisteredRepository): string => fullName.split("/")[1] ?? fullName;
