import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { type Binding, bindingSchema } from "../../../adapters/registry/schema.ts";
import type { Clients } from "../clients.ts";
import { motoRegion } from "../moto.ts";
import { policyDocument } from "./policy-document.ts";
import type { Stack } from "./stack.ts";

/**
 * Makes by API what Terraform would make with the AWS provider, which can't be had everywhere: the buckets of synthesized
 * core stacks, their keys, and the roles with the very policies that were synthesized. Gives the environments' bindings.
 */
export async function makeCore(clients: Clients, stacks: readonly Stack[]): Promise<readonly Binding[]> {
  const keys = new Map<string, string>();
  for (const stack of stacks) {
    for (const { bucket } of stack.resources("aws_s3_bucket"))
      keys.set(String(bucket), await makeBucket(clients, String(bucket)));
    if (isEnvironment(stack))
      for (const kind of ["plan", "apply"] as const) await makeRole(clients, stack, kind);
  }
  const withKey = <Place extends Binding["backend"] | Binding["artifacts"]>(place: Place): Place =>
    place.type === "s3" ? { ...place, kmsKeyId: keys.get(place.bucket) ?? "" } : place;
  return stacks
    .filter(isEnvironment)
    .flatMap((stack) => z.array(bindingSchema).parse(stack.output("bindings")))
    .map((binding) => ({
      ...binding,
      backend: withKey(binding.backend),
      artifacts: withKey(binding.artifacts),
    }));
}

const isEnvironment = (stack: Stack): boolean => stack.resources("aws_iam_role", "plan/").length > 0;

/** As `PrivateBucket` and `EncryptionKey` describe one. Gives the ARN of its key. */
async function makeBucket({ s3, kms }: Clients, Bucket: string): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const CreateBucketConfiguration = { LocationConstraint: motoRegion } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const encryption = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KeyMetadata?.Arn } as const;
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: encryption }] },
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  return KeyMetadata?.Arn ?? "";
}

async function makeRole({ iam }: Clients, stack: Stack, kind: "plan" | "apply"): Promise<void> {
  const { name, path } = stack.resource("aws_iam_role", `${kind}/`);
  const RoleName = String(name);
  const trust = policyDocument(stack.statements(`${kind}/role/trust`));
  await iam.send(new CreateRoleCommand({ RoleName, Path: String(path), AssumeRolePolicyDocument: trust }));
  for (const { name: policy } of stack.resources("aws_iam_role_policy", `${kind}/role/`)) {
    const PolicyDocument = policyDocument(stack.statements(`${kind}/role/${policy}-document`));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: String(policy), PolicyDocument }));
  }
}
