import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import type { Finding } from "../../../core.ts";
import { demand, prove } from "./finding.ts";

/** Whether a bucket keeps what was overwritten, encrypts with its own key, and can't be made public. */
export async function verifyBucket(s3: S3Client, { bucket: Bucket, kmsKeyId }: S3Place): Promise<Finding[]> {
  const aws = await import("@aws-sdk/client-s3");
  return [
    await prove(`${Bucket} keeps what was overwritten`, async () => {
      const { Status } = await s3.send(new aws.GetBucketVersioningCommand({ Bucket }));
      demand(Status === "Enabled", `versioning is ${Status ?? "off"}`);
    }),
    await prove(`${Bucket} encrypts with its own key`, async () => {
      const answer = await s3.send(new aws.GetBucketEncryptionCommand({ Bucket }));
      const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
      const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
      const isOwn = SSEAlgorithm === "aws:kms" && KMSMasterKeyID === kmsKeyId;
      demand(isOwn, `it is ${SSEAlgorithm} with ${KMSMasterKeyID ?? "no key"}`);
    }),
    await prove(`${Bucket} can't be made public`, async () => {
      const answer = await s3.send(new aws.GetPublicAccessBlockCommand({ Bucket }));
      const blocks = answer.PublicAccessBlockConfiguration ?? {};
      const open = publicAccess.filter((name) => blocks[name] !== true);
      demand(open.length === 0, `${open.join(", ")} is off`);
    }),
  ];
}

const publicAccess = [
  "BlockPublicAcls",
  "BlockPublicPolicy",
  "IgnorePublicAcls",
  "RestrictPublicBuckets",
] as const;
