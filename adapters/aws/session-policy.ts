import type { S3Place } from "../registry/places.ts";

/**
 * What one session keeps of its role: everything, but of the environment's states and artifacts only the repository's
 * own. The role says so too, by its session's tag; this holds even where a role of the admin's own making doesn't.
 *
 * A session policy can only take away, so it allows all. It takes the others' objects away by leaving them out, and not
 * by a Deny: a Deny can't name "what is in this bucket, apart from…" without naming all other buckets in the world,
 * the application's too.
 */
export function sessionPolicy(places: readonly S3Place[], partition: string): string {
  const buckets = [...new Set(places.map(({ bucket }) => `arn:${partition}:s3:::${bucket}`))];
  const objects = places.map(({ bucket, prefix }) => `arn:${partition}:s3:::${bucket}/${prefix}/*`);
  const prefixes = [...new Set(places.map(({ prefix }) => `${prefix}/*`))];
  const statements = [
    { Effect: "Allow", Action: "*", NotResource: buckets.map((bucket) => `${bucket}/*`) },
    { Effect: "Allow", Action: "*", Resource: objects },
    {
      Effect: "Deny",
      Action: ["s3:ListBucket", "s3:ListBucketVersions"],
      Resource: buckets,
      // Terraform also looks for workspaces, below env:/; there are never any.
      Condition: { StringNotLike: { "s3:prefix": [...prefixes, "env:/"] } },
    },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * What a session may do that only stores bundles and logs, whatever its role may. The key's policy lets these two through
 * for this bucket alone.
 */
export function artifactPolicy({ bucket, prefix, kmsKeyId }: S3Place, partition: string): string {
  const objects = `arn:${partition}:s3:::${bucket}/${prefix}/*`;
  const statements = [
    { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: objects },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyId },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
