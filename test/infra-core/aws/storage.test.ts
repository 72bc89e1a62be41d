import { beforeAll, describe, expect, test } from "vitest";
import type { Stack } from "../../../demo/aws/core/stack.ts";
import { accounts, administrator, stackOf, synthesize } from "./support/core.ts";
import { allows, denies, type Request, type Statement } from "./support/iam.ts";

let dev: Stack;
let core: Stack;
beforeAll(async () => {
  const stacks = await synthesize();
  dev = stackOf(stacks, "environment-dev");
  core = stackOf(stacks, "core");
});

const planRole = `arn:aws:iam::${accounts.shared}:role/waymark/waymark-dev-plan`;
const applyRole = `arn:aws:iam::${accounts.shared}:role/waymark/waymark-dev-apply`;
const admin = administrator(accounts.shared);
const stranger = "arn:aws:iam::222222222222:role/stranger";

const stores = [
  ["the state bucket", () => dev, "state", `waymark-dev-state-${accounts.shared}`, 90, 20],
  ["the artifact bucket", () => dev, "artifacts", `waymark-dev-files-${accounts.shared}`, 30, 1],
  ["the core bucket", () => core, "state", `waymark-core-${accounts.core}`, 365, 50],
] as const;

describe.each(stores)("%s", (_, stackGiven, path, bucket, days, versions) => {
  test("is named after its account, and never destroyed", () => {
    expect(stackGiven().resource("aws_s3_bucket", path)).toEqual({
      bucket,
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("keeps earlier versions, and not for ever what locks leave behind", () => {
    const stack = stackGiven();
    expect(stack.resource("aws_s3_bucket_versioning", path)).toMatchObject({
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
    expect(stack.resource("aws_s3_bucket_lifecycle_configuration", path)).toMatchObject({
      bucket,
      rule: [
        {
          status: "Enabled",
          noncurrent_version_expiration: [{ noncurrent_days: days, newer_noncurrent_versions: versions }],
          expiration: [{ expired_object_delete_marker: true }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        },
      ],
    });
  });

  test("can't be made public", () => {
    const stack = stackGiven();
    expect(stack.resource("aws_s3_bucket_public_access_block", path)).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.resource("aws_s3_bucket_ownership_controls", path)).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  test("is encrypted with a key of its own, which rotates and is never destroyed", () => {
    const stack = stackGiven();
    expect(stack.resource("aws_kms_key", path)).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    const [rule] = [stack.resource("aws_s3_bucket_server_side_encryption_configuration", path).rule].flat();
    expect(rule).toMatchObject({
      bucket_key_enabled: true,
      apply_server_side_encryption_by_default: {
        sse_algorithm: "aws:kms",
        kms_master_key_id: expect.stringMatching(new RegExp(`:key/${path}_encryption_key_`)),
      },
    });
  });
});

describe("a bucket's policy", () => {
  const inState = `arn:aws:s3:::waymark-dev-state-${accounts.shared}`;
  const object = `${inState}/acme/Shop/network.tfstate`;
  const decent = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
  const ask = (action: string, principal: string, more: Request["context"] = {}): Request => ({
    action,
    principal,
    resource: action.startsWith("s3:List") ? inState : object,
    context: { ...decent, "aws:PrincipalArn": principal, ...more },
  });
  let policy: readonly Statement[];
  beforeAll(() => {
    policy = dev.statements("state/access");
    expect(dev.resource("aws_s3_bucket_policy", "state").bucket).toBe(`waymark-dev-state-${accounts.shared}`);
  });

  test("only denies, so that it opens nothing", () => {
    expect(new Set(policy.map(({ effect }) => effect))).toEqual(new Set(["Deny"]));
  });

  test.each(["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:ListBucket"])(
    "%s is for its roles and administrators, and for no other role of the account",
    (action) => {
      const refused = (principal: string) => denies(policy, ask(action, principal));
      expect([planRole, applyRole, admin].map(refused)).toEqual([false, false, false]);
      expect(refused(stranger)).toBe(true);
      expect(refused(`arn:aws:iam::${accounts.shared}:role/waymark/waymark-prod-apply`)).toBe(true);
      expect(refused(`arn:aws:iam::${accounts.shared}:root`)).toBe(true);
    },
  );

  test("the bucket's settings stay in the hands of who manages the account", () => {
    expect(denies(policy, ask("s3:PutBucketPolicy", stranger))).toBe(false);
  });

  test("nobody gets in without TLS 1.2", () => {
    expect(denies(policy, ask("s3:GetObject", applyRole, { "aws:SecureTransport": "false" }))).toBe(true);
    expect(denies(policy, ask("s3:GetObject", applyRole, { "s3:TlsVersion": "1.1" }))).toBe(true);
    expect(denies(policy, ask("s3:PutBucketPolicy", admin, { "aws:SecureTransport": "false" }))).toBe(true);
  });

  test("only administrators remove versions for good", () => {
    expect(denies(policy, ask("s3:DeleteObjectVersion", applyRole))).toBe(true);
    expect(denies(policy, ask("s3:DeleteObjectVersion", admin))).toBe(false);
  });

  test("what is stored is encrypted with the bucket's key or not stored", () => {
    const header = "s3:x-amz-server-side-encryption";
    const own = policy.find(({ sid }) => sid === "OnlyItsKey")?.condition.at(-1)?.values[0];
    expect(denies(policy, ask("s3:PutObject", applyRole))).toBe(false);
    expect(denies(policy, ask("s3:PutObject", applyRole, { [header]: "AES256" }))).toBe(true);
    const kms = { [header]: "aws:kms" };
    const withKey = (key: string) =>
      denies(policy, ask("s3:PutObject", applyRole, { ...kms, [`${header}-aws-kms-key-id`]: key }));
    expect(withKey(own ?? "")).toBe(false);
    expect(withKey("arn:aws:kms:eu-central-1:999999999999:key/theirs")).toBe(true);
  });

  test("the core stacks' own states are for administrators alone", () => {
    const own = core.statements("state/access");
    const request = (principal: string) => ({
      ...ask("s3:GetObject", principal),
      resource: `arn:aws:s3:::waymark-core-${accounts.core}/core.tfstate`,
    });
    expect(denies(own, request(administrator(accounts.core)))).toBe(false);
    expect(denies(own, request(applyRole))).toBe(true);
    expect(denies(own, request(admin))).toBe(true);
  });
});

describe("a key's policy", () => {
  const bucket = `arn:aws:s3:::waymark-dev-state-${accounts.shared}`;
  const ask = (action: string, principal: string, context: Request["context"] = {}): Request => ({
    action,
    principal,
    context: {
      "kms:ViaService": "s3.eu-central-1.amazonaws.com",
      "kms:EncryptionContext:aws:s3:arn": bucket,
      ...context,
    },
  });
  let policy: readonly Statement[];
  beforeAll(() => {
    policy = dev.statements("state/encryption");
  });

  test("plans decrypt, applies also encrypt, nobody else does either", () => {
    const may = (action: string) =>
      [planRole, applyRole, admin, stranger].map((principal) => allows(policy, ask(action, principal)));
    expect(may("kms:Decrypt")).toEqual([true, true, true, false]);
    expect(may("kms:GenerateDataKey")).toEqual([false, true, true, false]);
    expect(may("kms:PutKeyPolicy")).toEqual([false, false, false, false]);
  });

  test("through S3 and for this bucket only", () => {
    const elsewhere = { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other" };
    const direct = { "kms:ViaService": "lambda.eu-central-1.amazonaws.com" };
    expect(allows(policy, ask("kms:Decrypt", applyRole, elsewhere))).toBe(false);
    expect(allows(policy, ask("kms:Decrypt", applyRole, direct))).toBe(false);
    const { context: _none, ...bare } = ask("kms:Decrypt", applyRole);
    expect(allows(policy, bare)).toBe(false);
  });

  test("the account administers it, and can't use it", () => {
    const root = `arn:aws:iam::${accounts.shared}:root`;
    expect(allows(policy, ask("kms:PutKeyPolicy", root))).toBe(true);
    expect(allows(policy, ask("kms:Decrypt", root))).toBe(false);
    expect(allows(policy, ask("kms:GenerateDataKey", root))).toBe(false);
  });
});
