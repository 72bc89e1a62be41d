import { KmsAlias } from "@cdktn/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktn/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { iamArn, type Place } from "../place.ts";
import { aws, condition, policyJson, type Statement } from "../policy.ts";

export interface EncryptionKeyOptions {
  readonly place: Place;
  /** `alias/…` */
  readonly alias: string;
  /** ARN of the only bucket whose objects it protects. */
  readonly bucketArn: string;
  /** ARNs of the roles that may read the bucket; none of them can encrypt with this key. */
  readonly readers: readonly string[];
  /** ARNs of those that may also write. */
  readonly writers: readonly string[];
}

/**
 * A bucket's own key, rotated each year and never destroyed: without it every version of every object is lost.
 *
 * Its policy is the only way to use it. The account itself may administer the key (somebody must be able to mend the
 * policy), but not decrypt: so a policy of the account that says `kms:*` opens no state. Readers decrypt through S3 and
 * for this bucket only, not by calling KMS with bytes that they found elsewhere.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, options: EncryptionKeyOptions) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Objects in ${options.alias.replace("alias/", "")}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyJson(this, "policy", statements(options)),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { name: options.alias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}

function statements({ place, bucketArn, readers, writers }: EncryptionKeyOptions): Statement[] {
  const throughBucket = [
    condition("StringEquals", "kms:ViaService", `s3.${place.region}.${place.dnsSuffix}`),
    // With a bucket key the context is the bucket, otherwise the object.
    condition("StringLike", "kms:EncryptionContext:aws:s3:arn", bucketArn, `${bucketArn}/*`),
  ];
  return [
    {
      sid: "Administer",
      principals: aws(iamArn(place, "root")),
      actions: administration,
      resources: ["*"],
    },
    {
      sid: "Read",
      principals: aws(...readers, ...writers),
      actions: ["kms:Decrypt"],
      resources: ["*"],
      condition: throughBucket,
    },
    {
      sid: "Write",
      principals: aws(...writers),
      actions: ["kms:GenerateDataKey"],
      resources: ["*"],
      condition: throughBucket,
    },
  ];
}

const administration = [
  "kms:DescribeKey",
  "kms:GetKey*",
  "kms:List*",
  "kms:PutKeyPolicy",
  "kms:UpdateKeyDescription",
  "kms:CreateAlias",
  "kms:UpdateAlias",
  "kms:DeleteAlias",
  "kms:EnableKey*",
  "kms:DisableKey*",
  "kms:RotateKeyOnDemand",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];
