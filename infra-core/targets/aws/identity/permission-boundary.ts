import { IamPolicy } from "@cdktn/provider-aws/lib/iam-policy/index.js";
import { Construct } from "constructs";
import {
  artifactBucketName,
  boundaryName,
  corePath,
  imageRepositoryName,
  keyAlias,
  type Owner,
  stateBucketName,
} from "../names.ts";
import { iamArn, type Place } from "../place.ts";
import { condition, isPresent, policyJson, type Statement } from "../policy.ts";
import { environmentTag } from "../session.ts";

export interface PermissionBoundaryOptions {
  readonly owner: Owner;
  readonly place: Place;
}

/**
 * What nothing in this environment may ever do: neither Waymark's roles nor any role that a deployment makes, whatever
 * policies they are given. A boundary grants nothing, so it begins by allowing all.
 */
export class PermissionBoundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, options: PermissionBoundaryOptions) {
    super(scope, id);
    const policy = new IamPolicy(this, "policy", {
      name: boundaryName(options.owner),
      path: corePath(options.owner.name),
      policy: policyJson(this, "document", statements(options)),
    });
    this.arn = policy.arn;
  }
}

const statements = (options: PermissionBoundaryOptions): Statement[] => [
  { sid: "All", actions: ["*"], resources: ["*"] },
  ...[
    onlyThisRegion(options.place.region),
    ...onlyThisEnvironment(options.owner.environment),
    ...onlyBoundedRoles(options),
    coreIsFixed(options),
    noLongLivedIdentities,
    storesAreFixed(options),
    keysAreFixed(options.owner),
  ].map((statement) => ({ ...statement, effect: "Deny" })),
];

/** Apart from services that have no region of their own. */
const onlyThisRegion = (region: string): Statement => ({
  sid: "OtherRegions",
  notActions: ["iam:*", "sts:*", "route53:*", "cloudfront:*"],
  resources: ["*"],
  condition: [condition("StringNotEquals", "aws:RequestedRegion", region)],
});

/**
 * Environments may share an account: what carries another one's tag can't be touched, nor can a thing be given another
 * one's tag. (A negated comparison holds for what is absent too, hence the question whether it is there.)
 */
function onlyThisEnvironment(environment: string): Statement[] {
  const differs = (key: string) => [isPresent(key), condition("StringNotEquals", key, environment)];
  return [
    { sid: "OtherEnvironments", ...everything, condition: differs(`aws:ResourceTag/${environmentTag}`) },
    { sid: "OtherTags", ...everything, condition: differs(`aws:RequestTag/${environmentTag}`) },
  ];
}

const everything = { actions: ["*"], resources: ["*"] };

/** A role made without this boundary could do what its maker can't. */
function onlyBoundedRoles({ owner, place }: PermissionBoundaryOptions): Statement[] {
  // Its own ARN: a policy can't refer to the resource that it is in.
  const boundary = iamArn(place, `policy${corePath(owner.name)}${boundaryName(owner)}`);
  return [
    {
      sid: "UnboundedRoles",
      actions: ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
      resources: ["*"],
      condition: [condition("StringNotEquals", "iam:PermissionsBoundary", boundary)],
    },
    { sid: "Unbinding", actions: ["iam:DeleteRolePermissionsBoundary"], resources: ["*"] },
  ];
}

/** The roles and boundaries of every environment of this installation. */
const coreIsFixed = ({ owner, place }: PermissionBoundaryOptions): Statement => ({
  sid: "Core",
  notActions: ["iam:Get*", "iam:List*"],
  resources: [iamArn(place, `role${corePath(owner.name)}*`), iamArn(place, `policy${corePath(owner.name)}*`)],
});

/** No user, key or identity provider outlives the session that would make it. */
const noLongLivedIdentities: Statement = {
  sid: "Identities",
  actions: [
    "iam:*User*",
    "iam:*Group*",
    "iam:*AccessKey*",
    "iam:*LoginProfile*",
    "iam:*MFADevice*",
    "iam:*SAMLProvider*",
    "iam:*OpenIDConnectProvider*",
    "iam:*ServiceSpecificCredential*",
    "iam:*AccountAlias",
    "organizations:*",
    "account:*",
  ],
  resources: ["*"],
};

/** Reading how they are set up is harmless; a deployment changes objects, never the buckets or images themselves. */
function storesAreFixed({ owner, place }: PermissionBoundaryOptions): Statement {
  const buckets = [stateBucketName(owner, place.account), artifactBucketName(owner, place.account)];
  const images = imageRepositoryName(owner.environment, "*");
  return {
    sid: "Stores",
    actions: [
      "s3:PutBucket*",
      "s3:DeleteBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:PutReplicationConfiguration",
      "s3:DeleteObjectVersion",
      "ecr:Delete*",
      "ecr:BatchDeleteImage",
      "ecr:Put*Policy",
      "ecr:SetRepositoryPolicy",
      "ecr:PutImageTagMutability",
    ],
    resources: [
      ...buckets.flatMap((name) => [
        `arn:${place.partition}:s3:::${name}`,
        `arn:${place.partition}:s3:::${name}/*`,
      ]),
      `arn:${place.partition}:ecr:*:*:repository/${images}`,
    ],
  };
}

/** Recognised by their aliases: their ARNs are known only after the roles that this policy bounds. */
const keysAreFixed = (owner: Owner): Statement => ({
  sid: "Keys",
  notActions: ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
  resources: ["*"],
  condition: [
    condition(
      "ForAnyValue:StringEquals",
      "kms:ResourceAliases",
      keyAlias(owner, "state"),
      keyAlias(owner, "files"),
    ),
  ],
});
