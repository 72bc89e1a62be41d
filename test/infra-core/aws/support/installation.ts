import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { SessionOwner } from "../../../../adapters/aws/session-request.ts";
import { bindingSchema, type Registry } from "../../../../adapters/registry/schema.ts";
import type { Moto } from "../../../support/moto.ts";
import { motoAccount } from "../../../support/moto.ts";
import { synthesize } from "./core.ts";
import { policyDocument } from "./rendered.ts";
import { trustOf } from "./roles.ts";
import type { Stack } from "./stack.ts";

const region = "eu-central-1";
const service = `arn:aws:iam::${motoAccount}:role/workers`;
const repository = "acme/Shop";

/** A core stack's buckets, keys and roles on moto, as its synthesized stacks describe them. */
export interface Installation {
  readonly registry: Registry;
  /** What the worker is started with: the service's own identity, which may take roles and nothing else. */
  readonly service: Readonly<Record<string, string>>;
}

/** A deployment of the shop to an environment of an installation. */
export function ownerIn({ registry }: Installation, environment: string): SessionOwner {
  const binding = registry.bindings.find((one) => one.environment === environment);
  if (binding?.aws === undefined) throw new Error(`${environment} has no roles`);
  return { binding, access: binding.aws, repository, deployment: "7" };
}

/** Installations whose environments share moto's account: it checks trust within an account only. */
export const oneAccount = {
  service,
  administrators: [`arn:aws:iam::${motoAccount}:role/admin`],
  core: { account: motoAccount, region },
  environments: ["dev", "prod"].map((name) => ({ name, branch: name, account: motoAccount, region })),
  repositories: [{ id: 1001, fullName: repository }],
};

/**
 * Makes by API what Terraform would make with the AWS provider, which can't be had everywhere. Policies are the
 * synthesized ones, but for what moto doesn't know: variables are filled in, and the service is a user.
 */
export async function install(moto: Moto): Promise<Installation> {
  const stacks = await synthesize(oneAccount);
  const environments = oneAccount.environments.map(({ name }) => ({
    name,
    stack: stacks.get(`environment-${name}`),
  }));
  const bindings = environments.map(({ stack }) => z.array(bindingSchema).parse(stack?.output("bindings")));
  const aws = clientsOf(moto);
  const variables = await makeService(aws, moto);
  for (const { stack } of environments) if (stack) await makeEnvironment(aws, stack);
  return {
    service: variables,
    registry: {
      version: 1,
      environments: oneAccount.environments.map(({ name, branch }) => ({ name, branch, after: null })),
      repositories: oneAccount.repositories,
      bindings: bindings.flat(),
    },
  };
}

function clientsOf({ url, variables }: Moto) {
  const credentials = {
    accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
  };
  const options = { endpoint: url, region, credentials };
  return { s3: new S3Client(options), iam: new IAMClient(options), kms: new KMSClient(options) };
}

type Clients = ReturnType<typeof clientsOf>;

const user = { UserName: "workers" };

async function makeService({ iam }: Clients, { variables }: Moto): Promise<Record<string, string>> {
  await iam.send(new CreateUserCommand(user));
  const mayTakeRoles = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [mayTakeRoles] });
  await iam.send(new PutUserPolicyCommand({ ...user, PolicyName: "roles", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand(user));
  return {
    ...variables,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "",
  };
}

async function makeEnvironment(aws: Clients, stack: Stack): Promise<void> {
  for (const { bucket } of stack.resources("aws_s3_bucket")) await makeBucket(aws, String(bucket));
  for (const kind of ["plan", "apply"] as const) await makeRole(aws, stack, kind);
}

/** As `PrivateBucket` and `EncryptionKey` describe one. */
export async function makeBucket({ s3, kms }: Pick<Clients, "s3" | "kms">, Bucket: string): Promise<void> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const CreateBucketConfiguration = { LocationConstraint: region } as const;
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
}

async function makeRole({ iam }: Clients, stack: Stack, kind: "plan" | "apply"): Promise<void> {
  const { name, path } = stack.resource("aws_iam_role", `${kind}/`);
  const RoleName = String(name);
  const trust = policyDocument(trustOf(stack, kind)).replaceAll(service, service.replace("role/", "user/"));
  await iam.send(new CreateRoleCommand({ RoleName, Path: String(path), AssumeRolePolicyDocument: trust }));
  for (const { name: policy } of stack.resources("aws_iam_role_policy", `${kind}/role/`)) {
    const rights = policyDocument(stack.statements(`${kind}/role/${policy}-document`));
    const PolicyDocument = rights.replaceAll(/\$\{aws:PrincipalTag\/[^}]+\}/g, repository);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: String(policy), PolicyDocument }));
  }
}
