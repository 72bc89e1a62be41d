/** The account in an ARN. */
export const accountOf = (arn: string): string | undefined => arn.split(":")[4];

/** The partition in an ARN. */
export const partitionIn = (arn: string): string | undefined => arn.split(":")[1];

/** The partition of a region. Only to compare what the admin wrote: synthesized ARNs ask Terraform. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
