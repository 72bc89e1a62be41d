import type { S3Client } from "@aws-sdk/client-s3";
import { patience } from "../../../../adapters/aws/patience.ts";
import type { AwsAccountPlace } from "../config.ts";

/** A client for the buckets of a place, as its provisioner if it has one. */
export async function s3At({
  region,
  provisioner,
}: Pick<AwsAccountPlace, "region" | "provisioner">): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  if (provisioner === undefined) return new S3Client({ region, requestHandler: patience });
  return new S3Client({ region, requestHandler: patience, credentials: () => keysOf(provisioner, region) });
}

/** Keys of a role that the admin may take. */
export async function keysOf(RoleArn: string, region: string) {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const sts = new STSClient({ region, requestHandler: patience });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "waymark-core" }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
    ...(Credentials?.Expiration && { expiration: Credentials.Expiration }),
  };
}
