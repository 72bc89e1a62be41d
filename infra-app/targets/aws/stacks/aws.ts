import { DataAwsCallerIdentity } from "@cdktn/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktn/provider-aws/lib/data-aws-partition/index.js";
import { AwsProvider } from "@cdktn/provider-aws/lib/provider/index.js";
import { LocalBackend, type TerraformStack } from "cdktn";

export interface Where {
  readonly environment: string;
  readonly region: string;
}

/**
 * Configures a stack: AWS in this region, with whatever credentials it is given; and a tag on everything, without which
 * the deployment's role may neither make a thing nor change it. The backend is for who applies by hand; Waymark puts
 * the environment's own in its place.
 */
export function deployTo(stack: TerraformStack, { environment, region }: Where): void {
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
  const tags = { "waymark:environment": environment, application: "shop", stack: stack.node.id };
  new AwsProvider(stack, "aws", { region, defaultTags: [{ tags }] });
}

/** The account's ARNs, in whichever partition it is. */
export class Arns {
  private readonly partition: DataAwsPartition;
  private readonly caller: DataAwsCallerIdentity;
  private readonly region: string;

  constructor(stack: TerraformStack, region: string) {
    this.partition = new DataAwsPartition(stack, "partition");
    this.caller = new DataAwsCallerIdentity(stack, "caller");
    this.region = region;
  }

  /** Twelve digits; a token. */
  get account(): string {
    return this.caller.accountId;
  }

  regional(service: string, resource: string): string {
    return `arn:${this.partition.partition}:${service}:${this.region}:${this.account}:${resource}`;
  }

  iam(resource: string): string {
    return `arn:${this.partition.partition}:iam::${this.account}:${resource}`;
  }
}
