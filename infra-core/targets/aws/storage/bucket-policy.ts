import { S3BucketPolicy } from "@cdktn/provider-aws/lib/s3-bucket-policy/index.js";
import { Construct } from "constructs";
import { anybody, condition, isPresent, policyJson, type Statement } from "../policy.ts";
import type { PrivateBucket } from "./private-bucket.ts";

export interface BucketPolicyOptions {
  readonly bucket: PrivateBucket;
  readonly keyArn: string;
  /** ARNs of the roles that work with the objects; what each may do is up to its own policy. */
  readonly users: readonly string[];
  /** ARNs of the roles that restore what was lost. They alone may remove versions for good. */
  readonly administrators: readonly string[];
}

/**
 * It only denies, so that no policy elsewhere can widen it: neither other roles of the account, nor a wildcard that
 * somebody grants one day, nor a request without TLS reach an object. The bucket's own settings stay in the hands of
 * who may manage S3 in the account, or nobody could ever mend a mistake here.
 */
export class BucketPolicy extends Construct {
  constructor(scope: Construct, id: string, options: BucketPolicyOptions) {
    super(scope, id);
    new S3BucketPolicy(this, "policy", {
      bucket: options.bucket.bucketName,
      policy: policyJson(this, "document", statements(options)),
    });
  }
}

function statements(options: BucketPolicyOptions): Statement[] {
  const { arn } = options.bucket;
  const deny = { effect: "Deny", principals: anybody };
  const everything = [arn, `${arn}/*`];
  const others = (...allowed: string[]) => [condition("ArnNotEquals", "aws:PrincipalArn", ...allowed)];
  const { users, administrators } = options;
  return [
    { ...deny, sid: "OnlyTls", actions: ["s3:*"], resources: everything, condition: [withoutTls] },
    { ...deny, sid: "OnlyTls12", actions: ["s3:*"], resources: everything, condition: [oldTls] },
    {
      ...deny,
      sid: "OnlyItsRoles",
      actions: dataActions,
      resources: everything,
      condition: others(...users, ...administrators),
    },
    {
      ...deny,
      sid: "HistoryStays",
      actions: ["s3:DeleteObjectVersion"],
      resources: [`${arn}/*`],
      condition: others(...administrators),
    },
    ...onlyItsKey(`${arn}/*`, options.keyArn).map((statement) => ({ ...deny, ...statement })),
  ];
}

const withoutTls = condition("Bool", "aws:SecureTransport", "false");
const oldTls = condition("NumericLessThan", "s3:TlsVersion", "1.2");

/**
 * A request may leave the choice to the bucket; if it names an algorithm or a key, then the bucket's own. A negated
 * comparison holds for what is absent too, hence the question whether it is there.
 */
function onlyItsKey(objects: string, keyArn: string): Statement[] {
  const put = { actions: ["s3:PutObject"], resources: [objects] };
  const algorithm = "s3:x-amz-server-side-encryption";
  const key = `${algorithm}-aws-kms-key-id`;
  return [
    {
      ...put,
      sid: "OnlyKms",
      condition: [isPresent(algorithm), condition("StringNotEquals", algorithm, "aws:kms")],
    },
    {
      ...put,
      sid: "OnlyItsKey",
      condition: [isPresent(key), condition("StringNotEquals", key, keyArn)],
    },
  ];
}

const dataActions = [
  "s3:GetObject*",
  "s3:PutObject*",
  "s3:DeleteObject*",
  "s3:RestoreObject",
  "s3:AbortMultipartUpload",
  "s3:BypassGovernanceRetention",
  "s3:ListBucket",
  "s3:ListBucketVersions",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
];
