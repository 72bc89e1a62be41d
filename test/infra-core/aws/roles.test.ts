import { beforeAll, describe, expect, test } from "vitest";
import type { Stack } from "../../../demo/aws/core/stack.ts";
import { accounts, service, stackOf, synthesize } from "./support/core.ts";
import { allows, type Request, type Statement } from "./support/iam.ts";
import { sizeOf } from "./support/rendered.ts";
import { boundaryOf, identityOf, maySession, trustOf } from "./support/roles.ts";

let dev: Stack;
let boundary: readonly Statement[];
beforeAll(async () => {
  dev = stackOf(await synthesize(), "environment-dev");
  boundary = boundaryOf(dev);
});

const here = { "aws:ResourceTag/waymark:environment": "dev" };
const tagged = { "aws:RequestTag/waymark:environment": "dev" };
const there = { "aws:ResourceTag/waymark:environment": "staging" };
const bucket = (environment: string, account: string = accounts.shared) =>
  `arn:aws:s3:::waymark-${environment}-state-${account}`;
const own = `${bucket("dev")}/acme/Shop/network.tfstate`;
const role = (path: string) => `arn:aws:iam::${accounts.shared}:role/${path}`;

describe.each(["plan", "apply"] as const)("the %s role", (kind) => {
  const session = {
    "sts:ExternalId": "waymark:dev",
    "sts:SourceIdentity": "waymark",
    "aws:RequestTag/waymark:environment": "dev",
    "aws:RequestTag/waymark:repository": "acme/Shop",
    "aws:RequestTag/waymark:deployment": "7",
    "aws:TagKeys": ["waymark:environment", "waymark:repository", "waymark:deployment"],
  };
  /** All three permissions that taking a role with tags and a source identity needs. */
  const canBeTaken = (context: Request["context"] = session, principal = service) =>
    ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"].every((action) =>
      allows(trustOf(dev, kind), { action, principal, context: context ?? {} }),
    );

  test("is taken by the service for a session that says what it is for", () => {
    expect(canBeTaken()).toBe(true);
  });

  test.each([
    ["another environment's ExternalId", { "sts:ExternalId": "waymark:prod" }],
    ["another environment's tag", { "aws:RequestTag/waymark:environment": "prod" }],
    ["another source identity", { "sts:SourceIdentity": "somebody" }],
    ["a tag of its own", { "aws:TagKeys": ["waymark:environment", "department"] }],
  ])("is refused to a session with %s", (_, difference) => {
    expect(canBeTaken({ ...session, ...difference })).toBe(false);
  });

  test.each(Object.keys(session).filter((key) => key !== "aws:TagKeys"))(
    "is refused to a session without %s",
    (missing) => {
      const rest = Object.entries(session).filter(([key]) => key !== missing);
      expect(canBeTaken(Object.fromEntries(rest))).toBe(false);
    },
  );

  test("is refused to everybody else", () => {
    for (const other of [role("waymark/waymark-dev-apply"), `arn:aws:iam::${accounts.core}:root`, "*"])
      expect(canBeTaken(session, other)).toBe(false);
  });

  test("is bounded, below the core's path, and not for long", () => {
    expect(dev.resource("aws_iam_role", `${kind}/`)).toMatchObject({
      name: `waymark-dev-${kind}`,
      path: "/waymark/",
      permissions_boundary: `arn:aws:iam::${accounts.shared}:policy/waymark/waymark-dev-boundary`,
      max_session_duration: kind === "plan" ? 3_600 : 14_400,
    });
  });

  const may = (request: Request) => maySession(identityOf(dev, kind), boundary, request);

  test("reads its repository's states and artifacts, and no other's", () => {
    const read = (resource: string) => may({ action: "s3:GetObject", resource });
    expect(read(own)).toBe(true);
    expect(read(own.replace("-state-", "-files-"))).toBe(true);
    expect(read(`${bucket("dev")}/acme/site/network.tfstate`)).toBe(false);
    expect(read(`${bucket("dev")}/acme/Shop-2/network.tfstate`)).toBe(false);
    expect(read(`${bucket("staging")}/acme/Shop/network.tfstate`)).toBe(false);
    expect(read(`${bucket("prod", accounts.prod)}/acme/Shop/network.tfstate`)).toBe(false);
  });

  test("lists what is its repository's", () => {
    const list = (prefix: string) =>
      may({ action: "s3:ListBucket", resource: bucket("dev"), context: { "s3:prefix": prefix } });
    expect([list("acme/Shop/"), list("env:/"), list("acme/site/"), list("")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(may({ action: "s3:ListBucket", resource: bucket("dev") })).toBe(false);
  });

  test("sees no secret, no table and no other role's session", () => {
    const actions = ["secretsmanager:GetSecretValue", "rds-db:connect", "kms:Decrypt", "ssm:GetParameter"];
    for (const action of [...actions, "sts:AssumeRole", "rds:DownloadDBLogFilePortion"])
      expect(may({ action, context: here })).toBe(false);
  });

  test("takes the roles that the admin lists for apps, and none else", async () => {
    const listed = [role("dns"), role("team/mail")];
    const { name, account, region } = { ...longestEnvironment, name: "dev" };
    const environments = [{ name, account, region, assumable: listed }];
    const stack = stackOf(await synthesize({ environments }), "environment-dev");
    const mayTake = (resource: string) =>
      ["sts:AssumeRole", "sts:SetSourceIdentity"].every((action) =>
        maySession(identityOf(stack, kind), boundaryOf(stack), { action, resource }),
      );
    expect([...listed, role("dns-2"), role("waymark/waymark-prod-apply")].map(mayTake)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test("has policies that IAM has room for", async () => {
    const longest = { name: "l".repeat(12), environments: [longestEnvironment] };
    const stack = stackOf(await synthesize(longest), `environment-${longestEnvironment.name}`);
    expect(sizeOf(trustOf(stack, kind))).toBeLessThan(2_048);
    expect(sizeOf(identityOf(stack, kind))).toBeLessThan(10_240 - 500);
    expect(sizeOf(boundaryOf(stack))).toBeLessThan(6_144);
  });
});

const longestEnvironment = {
  name: `e${"n".repeat(30)}`,
  account: accounts.shared,
  region: "eu-central-1",
  assumable: Array.from({ length: 10 }, (_, index) => role(`${"r".repeat(60)}-${index}`)),
};

describe("the plan role", () => {
  const may = (request: Request) => maySession(identityOf(dev, "plan"), boundary, request);

  test.each(["s3:PutObject", "s3:DeleteObject"])("takes no lock and writes no state: no %s", (action) => {
    for (const resource of [own, `${own}.tflock`]) expect(may({ action, resource })).toBe(false);
  });

  test("has no permission but to describe, get and list", () => {
    const actions = identityOf(dev, "plan").flatMap((statement) => statement.actions);
    expect(actions.filter((action) => !/^[a-z0-9-]+:(Describe|Get|List)/.test(action))).toEqual([]);
    expect(actions).not.toContain("*");
  });

  test.each(["ec2:CreateVpc", "rds:ModifyDBInstance", "ecs:UpdateService", "iam:CreateRole", "iam:PassRole"])(
    "changes nothing: no %s",
    (action) => {
      expect(may({ action, resource: role("application/dev/web"), context: { ...here, ...tagged } })).toBe(
        false,
      );
    },
  );
});

describe("the apply role", () => {
  const may = (request: Request) => maySession(identityOf(dev, "apply"), boundary, request);

  test("writes its repository's states and locks, and removes locks only", () => {
    const lock = `${own}.tflock`;
    const write = (action: string, resource: string) => may({ action, resource });
    expect([write("s3:PutObject", own), write("s3:PutObject", lock)]).toEqual([true, true]);
    expect([write("s3:DeleteObject", lock), write("s3:DeleteObject", own)]).toEqual([true, false]);
    expect(write("s3:PutObject", own.replace("Shop", "site"))).toBe(false);
    expect(write("s3:PutObject", `${bucket("staging")}/acme/Shop/network.tfstate`)).toBe(false);
    expect(write("s3:DeleteObjectVersion", own)).toBe(false);
    expect(write("s3:PutBucketPolicy", bucket("dev"))).toBe(false);
  });

  test("stores artifacts, and removes none", () => {
    const resource = own.replace("-state-", "-files-");
    expect(may({ action: "s3:PutObject", resource })).toBe(true);
    expect(may({ action: "s3:DeleteObject", resource })).toBe(false);
  });

  test.each([
    "ec2:CreateVpc",
    "ec2:CreateSubnet",
    "ec2:CreateSecurityGroup",
    "rds:CreateDBInstance",
    "ecs:CreateService",
    "elasticloadbalancing:CreateLoadBalancer",
  ])("%s makes only what carries the environment's tag", (action) => {
    expect(may({ action, context: tagged })).toBe(true);
    expect(may({ action })).toBe(false);
    expect(may({ action, context: { "aws:RequestTag/waymark:environment": "staging" } })).toBe(false);
  });

  test.each([
    "ec2:DeleteVpc",
    "ec2:RevokeSecurityGroupIngress",
    "rds:ModifyDBInstance",
    "ecs:UpdateService",
    "elasticloadbalancing:ModifyListener",
  ])("%s changes only what carries the environment's tag", (action) => {
    expect(may({ action, context: here })).toBe(true);
    expect(may({ action })).toBe(false);
    expect(may({ action, context: there })).toBe(false);
  });

  test.each([
    ["ec2:CreateTags", "ec2:CreateAction", "CreateVpc"],
    ["ecs:TagResource", "ecs:CreateAction", "CreateService"],
    ["elasticloadbalancing:AddTags", "elasticloadbalancing:CreateAction", "CreateLoadBalancer"],
  ])("%s tags what is just being made, and not what belongs to nobody", (action, key, made) => {
    expect(may({ action, context: { ...tagged, [key]: made } })).toBe(true);
    expect(may({ action, context: tagged })).toBe(false);
    expect(may({ action, context: { ...here, ...tagged } })).toBe(true);
    expect(may({ action, context: { ...here, "aws:RequestTag/waymark:environment": "prod" } })).toBe(false);
  });

  test("stays in its region", () => {
    const elsewhere = { ...tagged, "aws:RequestedRegion": "us-east-1" };
    expect(may({ action: "ec2:CreateVpc", context: elsewhere })).toBe(false);
  });

  test("makes roles below the application's path and within the boundary only", () => {
    const boundaryArn = `arn:aws:iam::${accounts.shared}:policy/waymark/waymark-dev-boundary`;
    const make = (path: string, arn?: string) =>
      may({
        action: "iam:CreateRole",
        resource: role(path),
        context: { ...tagged, ...(arn && { "iam:PermissionsBoundary": arn }) },
      });
    expect(make("application/dev/web", boundaryArn)).toBe(true);
    expect(make("application/dev/web")).toBe(false);
    expect(make("application/dev/web", `${boundaryArn}-2`)).toBe(false);
    expect(make("application/staging/web", boundaryArn)).toBe(false);
    expect(make("waymark/waymark-dev-apply", boundaryArn)).toBe(false);
  });

  test("hands its roles to containers only, and never a managed policy to a role", () => {
    const pass = (path: string, to: string) =>
      may({ action: "iam:PassRole", resource: role(path), context: { "iam:PassedToService": to } });
    expect(pass("application/dev/web", "ecs-tasks.amazonaws.com")).toBe(true);
    expect(pass("application/dev/web", "ec2.amazonaws.com")).toBe(false);
    expect(pass("waymark/waymark-dev-apply", "ecs-tasks.amazonaws.com")).toBe(false);
    expect(may({ action: "iam:AttachRolePolicy", resource: role("application/dev/web") })).toBe(false);
  });

  test("has services make the roles that they need themselves, and no others", () => {
    const link = (name: string) =>
      may({
        action: "iam:CreateServiceLinkedRole",
        resource: role("aws-service-role/any"),
        context: { "iam:AWSServiceName": name },
      });
    expect(["ecs", "elasticloadbalancing", "rds"].every((name) => link(`${name}.amazonaws.com`))).toBe(true);
    expect(link("organizations.amazonaws.com")).toBe(false);
  });

  test("gets the admin's managed policies too", async () => {
    const policy = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    const { name, account, region } = { ...longestEnvironment, name: "dev" };
    const environments = [{ name, account, region, policies: [policy] }];
    const stack = stackOf(await synthesize({ environments }), "environment-dev");
    expect(stack.resource("aws_iam_role_policy_attachment")).toMatchObject({
      role: "waymark-dev-apply",
      policy_arn: policy,
    });
    expect(dev.resources("aws_iam_role_policy_attachment")).toEqual([]);
  });
});
