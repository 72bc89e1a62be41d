import { applicationPath } from "../names.ts";
import { iamArn } from "../place.ts";
import { condition, type Statement } from "../policy.ts";
import type { Target } from "./target.ts";

/** Names by which AWS's services are known to IAM, in the environment's partition. */
export interface ServicePrincipals {
  /** Who runs containers. */
  readonly tasks: string;
  /** Who needs a role of its own in the account before it works: load balancers, databases, containers. */
  readonly linked: readonly string[];
}

/**
 * The application's own roles: below the environment's path and within its boundary, or not at all. They are handed to
 * containers only. Managed policies can't be attached, so `AdministratorAccess` and its like never are.
 */
export function deployIdentities(target: Target, services: ServicePrincipals): Statement[] {
  const { place, environment, boundaryArn } = target;
  const roles = [iamArn(place, `role${applicationPath(environment)}*`)];
  const bounded = [condition("StringEquals", "iam:PermissionsBoundary", boundaryArn)];
  return [
    {
      sid: "Bounded",
      actions: ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"],
      resources: roles,
      condition: bounded,
    },
    {
      sid: "Roles",
      actions: [
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "iam:UpdateAssumeRolePolicy",
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
      ],
      resources: roles,
    },
    {
      sid: "Pass",
      actions: ["iam:PassRole"],
      resources: roles,
      condition: [condition("StringEquals", "iam:PassedToService", services.tasks)],
    },
    {
      sid: "Linked",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [iamArn(place, "role/aws-service-role/*")],
      condition: [condition("StringEquals", "iam:AWSServiceName", ...services.linked)],
    },
  ];
}
