import { IamRole } from "@cdktn/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktn/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktn/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Construct } from "constructs";
import { corePath, roleName } from "../names.ts";
import { policyJson, type Statement } from "../policy.ts";
import { serviceTrust, type TrustOptions } from "./service-trust.ts";

export interface ServiceRoleOptions extends TrustOptions {
  readonly purpose: "plan" | "apply";
  readonly boundaryArn: string;
  /** The longest session, in seconds; at most an hour when the service itself runs in a session of a role. */
  readonly longestSession: number;
}

/** A role that only the service can take. What it may do comes by `allow`. */
export class ServiceRole extends Construct {
  readonly arn: string;
  private readonly role: IamRole;

  constructor(scope: Construct, id: string, options: ServiceRoleOptions) {
    super(scope, id);
    this.role = new IamRole(this, "role", {
      name: roleName(options.owner, options.purpose),
      path: corePath(options.owner.name),
      assumeRolePolicy: policyJson(this, "trust", serviceTrust(options)),
      permissionsBoundary: options.boundaryArn,
      maxSessionDuration: options.longestSession,
    });
    this.arn = this.role.arn;
  }

  /** Gives it one more policy, under a name that is unique in the role. */
  allow(name: string, statements: readonly Statement[]): void {
    new IamRolePolicy(this, name, {
      name,
      role: this.role.id,
      policy: policyJson(this, `${name}-document`, statements),
    });
  }

  /** Gives it a managed policy too. */
  attach(policyArn: string): void {
    const name = policyArn.replaceAll(/[^\w]+/g, "-");
    new IamRolePolicyAttachment(this, name, { role: this.role.name, policyArn });
  }
}
