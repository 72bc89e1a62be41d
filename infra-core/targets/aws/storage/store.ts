import { Construct } from "constructs";
import type { Place } from "../place.ts";
import { BucketPolicy } from "./bucket-policy.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { PrivateBucket, type PrivateBucketOptions } from "./private-bucket.ts";

export interface StoreOptions extends PrivateBucketOptions {
  readonly place: Place;
  readonly keyAlias: string;
  readonly readers: readonly string[];
  readonly writers: readonly string[];
  readonly administrators: readonly string[];
}

/** A private bucket with a key and a policy of its own. All roles are ARNs. */
export class Store extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly keyArn: string;

  constructor(scope: Construct, id: string, options: StoreOptions) {
    super(scope, id);
    const { place, keyAlias, readers, administrators } = options;
    const bucket = new PrivateBucket(this, "bucket", options);
    // Administrators restore earlier versions, and for that read and write.
    const writers = [...options.writers, ...administrators];
    const key = new EncryptionKey(this, "encryption", {
      place,
      alias: keyAlias,
      bucketArn: bucket.arn,
      readers,
      writers,
    });
    bucket.encryptWith(key.arn);
    const users = [...readers, ...options.writers];
    new BucketPolicy(this, "access", { bucket, keyArn: key.arn, users, administrators });
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.arn;
    this.keyArn = key.arn;
  }
}
