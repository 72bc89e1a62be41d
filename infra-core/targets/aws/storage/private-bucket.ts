import { S3Bucket } from "@cdktn/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktn/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPublicAccessBlock } from "@cdktn/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktn/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktn/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";

export interface PrivateBucketOptions {
  readonly bucketName: string;
  /** How long an overwritten or deleted object can be brought back, in days. */
  readonly keptDays: number;
  /** How many earlier versions of an object stay even after that. */
  readonly keptVersions: number;
}

/**
 * A versioned bucket that nothing in it can ever be public, and that Terraform refuses to destroy. It is encrypted once
 * it is given its key: the key's policy names the bucket, so the bucket comes first.
 */
export class PrivateBucket extends Construct {
  readonly arn: string;
  /** The bucket's name, known once it exists. */
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { bucketName, keptDays, keptVersions }: PrivateBucketOptions) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: bucketName,
      forceDestroy: false,
      lifecycle: { preventDestroy: true },
    });
    this.arn = bucket.arn;
    this.bucketName = bucket.id;
    this.keepVersions(keptDays, keptVersions);
    this.hide();
  }

  /** Everything is encrypted with this key, whether or not a request asks for it. */
  encryptWith(keyArn: string): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucketName,
      rule: [
        {
          // One call to KMS serves many objects: states are read and written all the time.
          bucketKeyEnabled: true,
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        },
      ],
    });
  }

  private keepVersions(noncurrentDays: number, newerNoncurrentVersions: number): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucketName,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucketName,
      rule: [
        {
          id: "earlier-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays, newerNoncurrentVersions }],
          // Every released lock leaves a delete marker behind.
          expiration: [{ expiredObjectDeleteMarker: true }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }

  private hide(): void {
    new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: this.bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // Whoever writes an object, the account of the bucket owns it: no access lists at all.
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucketName,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  }
}
