import type { Statement } from "../policy.ts";

/**
 * What Terraform reads to compare the application with its code: settings, never content. Most of these actions can't
 * be limited to one thing (`Describe*` takes no resource), and none shows a secret: passwords are in Secrets Manager,
 * whose values nobody here may read.
 */
export const observeApplication: readonly Statement[] = [
  {
    sid: "Observe",
    actions: [
      "ec2:Describe*",
      "ec2:GetSecurityGroupsForVpc",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:ListTagsForResource",
      "ecs:Describe*",
      "ecs:List*",
      "elasticloadbalancing:Describe*",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:ListRoleTags",
      "logs:DescribeLogGroups",
      "logs:ListTagsForResource",
      "rds:Describe*",
      "rds:ListTagsForResource",
      "secretsmanager:DescribeSecret",
      "tag:GetResources",
    ],
    resources: ["*"],
  },
];
