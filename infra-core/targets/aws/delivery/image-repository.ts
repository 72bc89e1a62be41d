import { EcrRepository } from "@cdktn/provider-aws/lib/ecr-repository/index.js";
import { EcrRepositoryPolicy } from "@cdktn/provider-aws/lib/ecr-repository-policy/index.js";
import { Construct } from "constructs";
import { imageRepositoryName } from "../names.ts";
import { aws, condition, policyJson, type Statement } from "../policy.ts";

export interface ImageRepositoryOptions {
  readonly environment: string;
  /** `owner/name` */
  readonly fullName: string;
  /** Push roles of the environments that come after this one: they copy an image, and never build it again. */
  readonly copiers: readonly Copier[];
}

/** A role that may not exist yet, in an account that does. */
export interface Copier {
  readonly accountArn: string;
  readonly roleArn: string;
}

/**
 * The images of one repository in one environment. A tag, once pushed, stays where it is, and images are never removed
 * by rule: a rollback starts the very image that ran before, by its digest.
 */
export class ImageRepository extends Construct {
  readonly arn: string;
  /** Where to push to, without a tag. */
  readonly url: string;

  constructor(scope: Construct, id: string, { environment, fullName, copiers }: ImageRepositoryOptions) {
    super(scope, id);
    const repository = new EcrRepository(this, "repository", {
      name: imageRepositoryName(environment, fullName),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS" }],
      forceDelete: false,
      lifecycle: { preventDestroy: true },
    });
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
    if (copiers.length === 0) return;
    new EcrRepositoryPolicy(this, "policy", {
      repository: repository.name,
      policy: policyJson(this, "document", [mayCopy(copiers)]),
    });
  }
}

// A principal must exist before a policy may name it, and these roles come later: the account is named instead, and the
// condition leaves only the role.
const mayCopy = (copiers: readonly Copier[]): Statement => ({
  sid: "Copy",
  principals: aws(...new Set(copiers.map(({ accountArn }) => accountArn))),
  actions: [...pullActions],
  condition: [condition("ArnEquals", "aws:PrincipalArn", ...copiers.map(({ roleArn }) => roleArn))],
});

/** What reading an image takes. */
export const pullActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
] as const;
