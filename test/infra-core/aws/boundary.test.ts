import { beforeAll, expect, test } from "vitest";
import { accounts, stackOf, synthesize } from "./support/core.ts";
import { allows, type Request, type Statement } from "./support/iam.ts";
import { boundaryOf } from "./support/roles.ts";

let boundary: readonly Statement[];
beforeAll(async () => {
  boundary = boundaryOf(stackOf(await synthesize(), "environment-dev"));
});

const bucket = `arn:aws:s3:::waymark-dev-state-${accounts.shared}`;
const own = `${bucket}/acme/Shop/network.tfstate`;
const role = (path: string) => `arn:aws:iam::${accounts.shared}:role/${path}`;

/** Whether somebody with AdministratorAccess may, within the boundary. */
const mayAdmin = (request: Request) =>
  allows(boundary, { ...request, context: { "aws:RequestedRegion": "eu-central-1", ...request.context } });

test("the boundary leaves room for what an application does", () => {
  expect(mayAdmin({ action: "sqs:SendMessage" })).toBe(true);
  expect(
    mayAdmin({ action: "ec2:CreateVpc", context: { "aws:RequestTag/waymark:environment": "dev" } }),
  ).toBe(true);
  expect(mayAdmin({ action: "kms:Decrypt", context: keys("waymark-dev-state") })).toBe(true);
});

const keys = (alias: string) => ({ "kms:ResourceAliases": [`alias/${alias}`] });
const core = role("waymark/waymark-dev-apply");
const anyRole = role("application/dev/web");

test.each<[string, Request]>([
  [
    "another environment's things",
    { action: "ec2:TerminateInstances", context: { "aws:ResourceTag/waymark:environment": "staging" } },
  ],
  [
    "another environment's tag",
    { action: "ec2:CreateVpc", context: { "aws:RequestTag/waymark:environment": "prod" } },
  ],
  ["another region", { action: "ec2:RunInstances", context: { "aws:RequestedRegion": "us-east-1" } }],
  ["a role without a boundary", { action: "iam:CreateRole", resource: anyRole }],
  ["taking a boundary away", { action: "iam:DeleteRolePermissionsBoundary", resource: anyRole }],
  ["taking another boundary", { action: "iam:PutRolePermissionsBoundary", resource: anyRole }],
  ["more rights for the core's roles", { action: "iam:PutRolePolicy", resource: core }],
  ["other trust in the core's roles", { action: "iam:UpdateAssumeRolePolicy", resource: core }],
  ["taking the core's roles", { action: "sts:AssumeRole", resource: core }],
  [
    "another boundary in place of this one",
    {
      action: "iam:CreatePolicyVersion",
      resource: `arn:aws:iam::${accounts.shared}:policy/waymark/waymark-dev-boundary`,
    },
  ],
  ["users", { action: "iam:CreateUser" }],
  ["access keys", { action: "iam:CreateAccessKey" }],
  ["identity providers", { action: "iam:CreateOpenIDConnectProvider" }],
  ["the organization", { action: "organizations:LeaveOrganization" }],
  ["the bucket's policy", { action: "s3:DeleteBucketPolicy", resource: bucket }],
  ["the bucket's versioning", { action: "s3:PutBucketVersioning", resource: bucket }],
  ["the bucket's expiry", { action: "s3:PutLifecycleConfiguration", resource: bucket }],
  ["old versions of a state", { action: "s3:DeleteObjectVersion", resource: own }],
  ["the end of the key", { action: "kms:ScheduleKeyDeletion", context: keys("waymark-dev-state") }],
  ["the logs' key", { action: "kms:DisableKey", context: keys("waymark-dev-files") }],
  [
    "images that a rollback needs",
    {
      action: "ecr:BatchDeleteImage",
      resource: `arn:aws:ecr:eu-central-1:${accounts.shared}:repository/dev/acme/shop`,
    },
  ],
])("the boundary rules out %s, even for an administrator", (_, request) => {
  expect(mayAdmin(request)).toBe(false);
});
