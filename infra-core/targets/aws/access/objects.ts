import { condition, type Statement } from "../policy.ts";
import { callersRepository } from "../session.ts";

/**
 * The caller's own repository's objects, `<owner>/<repository>/…`: the session's tag decides, so that one role serves
 * all repositories of an environment, and none reaches another's. Decrypting is up to the key's policy.
 */
const ownObjects = (bucketArn: string, name = "*"): string => `${bucketArn}/${callersRepository}/${name}`;

export const readOwnObjects = (bucketArn: string): Statement[] => [
  { sid: "Read", actions: ["s3:GetObject"], resources: [ownObjects(bucketArn)] },
  {
    sid: "List",
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    // Terraform also looks for workspaces, below env:/; there are never any.
    condition: [condition("StringLike", "s3:prefix", `${callersRepository}/*`, "env:/")],
  },
];

/** Only locks are ever removed: a state that is gone was destroyed resource by resource, and its file stays. */
export const writeOwnStates = (bucketArn: string): Statement[] => [
  {
    sid: "Write",
    actions: ["s3:PutObject"],
    resources: [ownObjects(bucketArn, "*.tfstate"), ownObjects(bucketArn, "*.tflock")],
  },
  { sid: "Unlock", actions: ["s3:DeleteObject"], resources: [ownObjects(bucketArn, "*.tflock")] },
];

/** Written once and kept: a bundle or a log is never removed. */
export const writeOwnObjects = (bucketArn: string): Statement[] => [
  { sid: "Write", actions: ["s3:PutObject"], resources: [ownObjects(bucketArn)] },
];
