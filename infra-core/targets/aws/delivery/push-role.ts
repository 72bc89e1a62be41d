import { IamRole } from "@cdktn/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktn/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { RegisteredRepository } from "../../../../adapters/registry/schema.ts";
import { corePath, type Owner, pushRoleName } from "../names.ts";
import type { Place } from "../place.ts";
import { condition, policyJson, type Statement } from "../policy.ts";
import { pullActions } from "./image-repository.ts";
import { audience, issuer } from "./oidc-provider.ts";

export interface PushRoleOptions {
  readonly owner: Owner;
  readonly place: Place;
  readonly repository: RegisteredRepository;
  /** ARN of the account's trust in GitHub's tokens. */
  readonly oidcProviderArn: string;
  /** ARN of the only image repository that it pushes to. */
  readonly imagesArn: string;
  /** ARN of the image repository that it copies from; none in an environment that comes after no other. */
  readonly sourceArn?: string | undefined;
  readonly boundaryArn: string;
}

/**
 * What a workflow pushes images with, without any key: GitHub's word that this repository runs a job in this
 * environment is enough, and which branches may do that is up to the environment's branch rule. A fork, another
 * repository, a pull request or a job outside the environment has another subject and is refused.
 */
export class PushRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, options: PushRoleOptions) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: pushRoleName(options.owner, options.repository.id),
      path: corePath(options.owner.name),
      assumeRolePolicy: policyJson(this, "trust", [trust(options)]),
      permissionsBoundary: options.boundaryArn,
      maxSessionDuration: 3_600,
    });
    new IamRolePolicy(this, "push", {
      name: "push",
      role: role.id,
      policy: policyJson(this, "document", statements(options)),
    });
    this.arn = role.arn;
  }
}

const trust = ({ owner, place, repository, oidcProviderArn }: PushRoleOptions): Statement => ({
  sid: "Workflow",
  principals: [{ type: "Federated", identifiers: [oidcProviderArn] }],
  actions: ["sts:AssumeRoleWithWebIdentity"],
  condition: [
    condition("StringEquals", `${issuer}:aud`, audience(place)),
    // The whole subject, no wildcard.
    condition(
      "StringEquals",
      `${issuer}:sub`,
      `repo:${repository.fullName}:environment:${owner.environment}`,
    ),
  ],
});

const statements = ({ imagesArn, sourceArn }: PushRoleOptions): Statement[] => [
  // It takes no resource: the token can do what the role can.
  { sid: "LogIn", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  { sid: "Push", actions: [...pullActions, ...pushActions], resources: [imagesArn] },
  ...(sourceArn === undefined ? [] : [{ sid: "Copy", actions: [...pullActions], resources: [sourceArn] }]),
];

const pushActions = [
  "ecr:DescribeImages",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];
