import { DataAwsIamPolicyDocument } from "@cdktn/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { DataAwsServicePrincipal } from "@cdktn/provider-aws/lib/data-aws-service-principal/index.js";
import { IamRole } from "@cdktn/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktn/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { Arns } from "../stacks/aws.ts";

export interface TaskRoleOptions {
  readonly environment: string;
  readonly purpose: "start" | "run";
  readonly arns: Arns;
  /** Path and name of the policy that bounds it. */
  readonly boundary: string;
}

/** A role that only this account's containers take. It may do nothing until `allow` says so. */
export class TaskRole extends Construct {
  readonly arn: string;
  private readonly role: IamRole;

  constructor(scope: Construct, id: string, { environment, purpose, arns, boundary }: TaskRoleOptions) {
    super(scope, id);
    const containers = new DataAwsServicePrincipal(this, "containers", { serviceName: "ecs-tasks" });
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          sid: "Containers",
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: [containers.name] }],
          // Containers of other accounts are run by the same service.
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [arns.account] }],
        },
      ],
    });
    this.role = new IamRole(this, "role", {
      name: `shop-${environment}-${purpose}`,
      path: `/application/${environment}/`,
      assumeRolePolicy: trust.json,
      permissionsBoundary: arns.iam(`policy/${boundary}`),
    });
    this.arn = this.role.arn;
  }

  /** Each action on these resources and no others, by name. */
  allow(permissions: Readonly<Record<string, Permission>>): void {
    const statement = Object.entries(permissions).map(([sid, { actions, resources }]) => ({
      sid,
      actions: [...actions],
      resources: [...resources],
    }));
    const document = new DataAwsIamPolicyDocument(this, "document", { statement });
    new IamRolePolicy(this, "policy", { name: "shop", role: this.role.id, policy: document.json });
  }
}

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}
