import { TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import { TaskRole } from "../identity/task-role.ts";
import { Arns, deployTo, type Where } from "./aws.ts";

export interface IdentityOptions extends Where {
  readonly boundary: string;
  readonly images: string;
  /** ARN of the database's secret. */
  readonly passwordArn: string;
}

/** Two roles: one that starts a container, and one that runs in it. */
export class IdentityStack extends TerraformStack {
  readonly startRole: string;
  readonly runRole: string;

  constructor(scope: Construct, options: IdentityOptions) {
    super(scope, "identity");
    deployTo(this, options);
    const { environment, boundary, region } = options;
    const arns = new Arns(this, region);
    const starter = new TaskRole(this, "start", { environment, purpose: "start", arns, boundary });
    starter.allow(startPermissions(options, arns));
    this.startRole = starter.arn;
    const runner = new TaskRole(this, "run", { environment, purpose: "run", arns, boundary });
    runner.allow(runPermissions(options));
    this.runRole = runner.arn;
  }
}

/** Where the service's logs go. */
export const logGroupName = (environment: string): string => `/application/${environment}/shop`;

/** Fetch the environment's own images, write the one log. */
const startPermissions = ({ environment, images }: IdentityOptions, arns: Arns) => ({
  // It takes no resource: what the token opens is up to the next permission.
  LogIn: { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  Pull: {
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: [arns.regional("ecr", `repository/${images}`)],
  },
  Log: {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [arns.regional("logs", `log-group:${logGroupName(environment)}:*`)],
  },
});

/** The one password, asked for when connecting: RDS changes it every week. The code does nothing else in AWS. */
const runPermissions = ({ passwordArn }: IdentityOptions) => ({
  Password: { actions: ["secretsmanager:GetSecretValue"], resources: [passwordArn] },
});
