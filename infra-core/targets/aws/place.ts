import { DataAwsPartition } from "@cdktn/provider-aws/lib/data-aws-partition/index.js";
import { AwsProvider } from "@cdktn/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktn";
import type { AwsAccountPlace } from "./config.ts";

/** Where a stack's resources are, and how names are spelled there (`aws`, `aws-us-gov`, `aws-cn`). */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** The partition and the suffix of its addresses: tokens, which only Terraform knows. */
  readonly partition: string;
  readonly dnsSuffix: string;
}

/**
 * Configures a stack's only AWS provider. It has no alias on purpose: a resource that forgot to name an aliased one
 * would go to wherever the admin's shell points. The account is checked before anything is read or written.
 */
export function settle(stack: TerraformStack, where: AwsAccountPlace, tags: Record<string, string>): Place {
  const { account, region, provisioner } = where;
  new AwsProvider(stack, "aws", {
    region,
    allowedAccountIds: [account],
    ...(provisioner && { assumeRole: [{ roleArn: provisioner, sessionName: "waymark-core" }] }),
    defaultTags: [{ tags }],
  });
  const { partition, dnsSuffix } = new DataAwsPartition(stack, "partition");
  return { account, region, partition, dnsSuffix };
}

/** The ARN of something in this place's region. */
export const regionalArn = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;

/** The ARN of something in IAM, which has no region. `resource` begins with its kind: `role/…`. */
export const iamArn = (place: Place, resource: string): string =>
  `arn:${place.partition}:iam::${place.account}:${resource}`;
