import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stack } from "../../../demo/aws/core/stack.ts";
import { accounts, stackOf, synthesize } from "../../infra-core/aws/support/core.ts";
import type { Request, Statement } from "../../infra-core/aws/support/iam.ts";
import { boundaryOf, identityOf, maySession } from "../../infra-core/aws/support/roles.ts";
import { type AwsShop, checkOutAwsShop, variables } from "./support/shop.ts";

let shop: AwsShop;
let stacks: readonly Stack[];
let plan: readonly Statement[];
let apply: readonly Statement[];
let boundary: readonly Statement[];
beforeAll(async () => {
  shop = await checkOutAwsShop();
  await shop.synth({ ...variables, WAYMARK_ENVIRONMENT: "dev" });
  stacks = [...(await shop.stacks()).values()];
  const core = stackOf(await synthesize(), "environment-dev");
  plan = identityOf(core, "plan");
  apply = identityOf(core, "apply");
  boundary = boundaryOf(core);
});
afterAll(() => shop.remove());

const made = { "aws:RequestTag/waymark:environment": "dev" };
const found = { "aws:ResourceTag/waymark:environment": "dev" };
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:${accounts.shared}:${resource}`;
const role = `arn:aws:iam::${accounts.shared}:role/application/dev/shop-dev-run`;
const bounded = {
  "iam:PermissionsBoundary": `arn:aws:iam::${accounts.shared}:policy/waymark/waymark-dev-boundary`,
};

const make = (action: string): Request => ({ action, context: made });
const change = (action: string): Request => ({ action, context: found });
/** What is made and also touches something that is there. */
const within = (action: string): Request[] => [make(action), change(action)];
const tagNew = (service: string, action: string) => ({
  action: `${service}:${action}`,
  context: { ...made, [`${service}:CreateAction`]: "Any" },
});
const inEc2 = tagNew("ec2", "CreateTags");
const inBalancing = tagNew("elasticloadbalancing", "AddTags");
const inEcs = tagNew("ecs", "TagResource");

/** What Terraform asks of AWS to make, change and destroy each type of resource, as AWS's service authorization says. */
const needs: Readonly<Record<string, readonly Request[]>> = {
  aws_vpc: [make("ec2:CreateVpc"), inEc2, change("ec2:ModifyVpcAttribute"), change("ec2:DeleteVpc")],
  aws_subnet: [
    ...within("ec2:CreateSubnet"),
    change("ec2:ModifySubnetAttribute"),
    change("ec2:DeleteSubnet"),
  ],
  aws_internet_gateway: [
    make("ec2:CreateInternetGateway"),
    change("ec2:AttachInternetGateway"),
    change("ec2:DetachInternetGateway"),
    change("ec2:DeleteInternetGateway"),
  ],
  aws_eip: [make("ec2:AllocateAddress"), change("ec2:DisassociateAddress"), change("ec2:ReleaseAddress")],
  aws_nat_gateway: [...within("ec2:CreateNatGateway"), change("ec2:DeleteNatGateway")],
  aws_route_table: [...within("ec2:CreateRouteTable"), change("ec2:DeleteRouteTable")],
  aws_route_table_association: [
    change("ec2:AssociateRouteTable"),
    change("ec2:ReplaceRouteTableAssociation"),
    change("ec2:DisassociateRouteTable"),
  ],
  aws_route: [change("ec2:CreateRoute"), change("ec2:ReplaceRoute"), change("ec2:DeleteRoute")],
  aws_security_group: [
    ...within("ec2:CreateSecurityGroup"),
    change("ec2:RevokeSecurityGroupEgress"),
    change("ec2:DeleteSecurityGroup"),
  ],
  aws_vpc_security_group_ingress_rule: [
    ...within("ec2:AuthorizeSecurityGroupIngress"),
    change("ec2:ModifySecurityGroupRules"),
    change("ec2:RevokeSecurityGroupIngress"),
  ],
  aws_vpc_security_group_egress_rule: [
    ...within("ec2:AuthorizeSecurityGroupEgress"),
    change("ec2:ModifySecurityGroupRules"),
    change("ec2:RevokeSecurityGroupEgress"),
  ],
  aws_db_subnet_group: [
    make("rds:CreateDBSubnetGroup"),
    make("rds:AddTagsToResource"),
    change("rds:ModifyDBSubnetGroup"),
    change("rds:DeleteDBSubnetGroup"),
  ],
  aws_db_parameter_group: [
    make("rds:CreateDBParameterGroup"),
    change("rds:ModifyDBParameterGroup"),
    change("rds:ResetDBParameterGroup"),
    change("rds:DeleteDBParameterGroup"),
  ],
  aws_db_instance: [
    ...within("rds:CreateDBInstance"),
    { action: "rds:CreateDBInstance", resource: arn("rds", "og:default:postgres-16") },
    { action: "secretsmanager:CreateSecret", resource: arn("secretsmanager", "secret:rds!db-1") },
    { action: "secretsmanager:TagResource", resource: arn("secretsmanager", "secret:rds!db-1") },
    change("rds:ModifyDBInstance"),
    change("rds:DeleteDBInstance"),
    change("rds:CreateDBSnapshot"),
    { action: "rds:CreateDBSnapshot", resource: arn("rds", "snapshot:shop-dev-last") },
  ],
  aws_iam_role: [
    { action: "iam:CreateRole", resource: role, context: { ...made, ...bounded } },
    { action: "iam:TagRole", resource: role, context: made },
    { action: "iam:UpdateAssumeRolePolicy", resource: role, context: found },
    { action: "iam:DeleteRole", resource: role, context: found },
  ],
  aws_iam_role_policy: [
    { action: "iam:PutRolePolicy", resource: role, context: bounded },
    { action: "iam:DeleteRolePolicy", resource: role, context: bounded },
  ],
  aws_cloudwatch_log_group: [
    "logs:CreateLogGroup",
    "logs:TagResource",
    "logs:PutRetentionPolicy",
    "logs:DeleteLogGroup",
  ].map((action) => ({ action, resource: arn("logs", "log-group:/application/dev/shop"), context: made })),
  aws_ecs_cluster: [
    make("ecs:CreateCluster"),
    inEcs,
    change("ecs:UpdateCluster"),
    change("ecs:DeleteCluster"),
  ],
  aws_ecs_task_definition: [
    make("ecs:RegisterTaskDefinition"),
    inEcs,
    { action: "ecs:DeregisterTaskDefinition" },
    { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  ],
  aws_ecs_service: [...within("ecs:CreateService"), change("ecs:UpdateService"), change("ecs:DeleteService")],
  aws_lb: [
    make("elasticloadbalancing:CreateLoadBalancer"),
    inBalancing,
    change("elasticloadbalancing:ModifyLoadBalancerAttributes"),
    change("elasticloadbalancing:SetSecurityGroups"),
    change("elasticloadbalancing:SetSubnets"),
    change("elasticloadbalancing:DeleteLoadBalancer"),
  ],
  aws_lb_target_group: [
    make("elasticloadbalancing:CreateTargetGroup"),
    change("elasticloadbalancing:ModifyTargetGroup"),
    change("elasticloadbalancing:ModifyTargetGroupAttributes"),
    change("elasticloadbalancing:DeleteTargetGroup"),
  ],
  aws_lb_listener: [
    ...within("elasticloadbalancing:CreateListener"),
    change("elasticloadbalancing:ModifyListener"),
    change("elasticloadbalancing:DeleteListener"),
  ],
};

/** What comparing each service's resources with the code takes. */
const reads = [
  "ec2:DescribeVpcs",
  "ec2:DescribeVpcAttribute",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeSecurityGroupRules",
  "rds:DescribeDBInstances",
  "rds:ListTagsForResource",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "logs:DescribeLogGroups",
  "logs:ListTagsForResource",
  "ecs:DescribeServices",
  "ecs:DescribeTaskDefinition",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeTags",
  "ecr:DescribeRepositories",
  "ecr:ListTagsForResource",
];

const may = (identity: readonly Statement[], request: Request) => maySession(identity, boundary, request);

test("the types of all resources are known here", () => {
  const types = stacks.flatMap(({ text }) => [...text.matchAll(/"(aws_\w+)": \{/g)].map(([, type]) => type));
  const data = new Set([
    "aws_partition",
    "aws_caller_identity",
    "aws_service_principal",
    "aws_availability_zones",
    "aws_iam_policy_document",
    "aws_ecr_repository",
  ]);
  const made = new Set(types.filter((type) => type !== undefined && !data.has(type)));
  expect([...made].sort()).toEqual(Object.keys(needs).sort());
});

test.each(Object.entries(needs))(
  "the core stack's apply role can make, change and destroy %s",
  (_, requests) => {
    expect(requests.filter((request) => !may(apply, request))).toEqual([]);
  },
);

test("the plan role can do none of that, and read all of it", () => {
  expect(
    Object.values(needs)
      .flat()
      .filter((request) => may(plan, request)),
  ).toEqual([]);
  expect(reads.filter((action) => !may(plan, { action, context: found }))).toEqual([]);
  expect(reads.filter((action) => !may(apply, { action, context: found }))).toEqual([]);
});
