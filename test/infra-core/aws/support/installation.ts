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
import { type Binding, bindingSchema, type Registry } from "../../../../adapters/registry/schema.ts";
import type { Moto } from "../../../support/moto.ts";
import { motoAccount } from "../../../support/moto.ts";
import { synthesize } from "./core.ts";
import { policyDocument } from "./rendered.ts";
import { trustOf } from "./roles.ts";
import type { Stack } from "./stack.ts";

const region = "eu-central-1";
const service = `arn:aws:iam::${motoAccount}:role/workers`;
const repository = "acme/Shop";
const servicesHere = [
  `"arn:aws:iam::${motoAccount}:user/workers"`,
  `"arn:aws:sts::${motoAccount}:assumed-role/workers/waymark-core"`,
].join();

/** A core stack's buckets, keys and roles on moto, as its synthesized stacks describe them. */
export interface Installation {
  readonly registry: Registry;
  /** What the worker is started with: the service's own identity, which may take roles and nothing else. */
  readonly service: Readonly<Record<string, string>>;
  /** What the admin's shell has: an identity that may do anything, also take the service's role. */
  readonly administrator: Readonly<Record<string, string>>;
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
  await makeServiceRole(aws);
  const workers = await makeUser(aws, moto, "workers", "sts:AssumeRole");
  const administrator = await makeUser(aws, moto, "admin", "*");
  const keys = new Map<string, string>();
  for (const { stack } of environments) if (stack) await makeEnvironment(aws, stack, keys);
  const withKey = <Place extends Binding["backend"] | Binding["artifacts"]>(place: Place): Place =>
    place.type === "s3" ? { ...place, kmsKeyId: keys.get(place.bucket) ?? "" } : place;
  return {
    service: workers,
    administrator,
    registry: {
      version: 1,
      environments: oneAccount.environments.map(({ name, branch }) => ({ name, branch, after: null })),
      repositories: oneAccount.repositories,
      bindings: bindings.flat().map((binding) => ({
        ...binding,
        backend: withKey(binding.backend),
        artifacts: withKey(binding.artifacts),
      })),
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

/** A user of that name who may do this; gives what makes AWS's clients this user. */
async function makeUser(
  { iam }: Clients,
  { variables }: Moto,
  UserName: string,
  Action: string,
): Promise<Record<string, string>> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = allowing({ Action, Resource: "*" });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "rights", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    ...variables,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "",
  };
}

const allowing = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

/** The service's role, which the administrator may take. */
async function makeServiceRole({ iam }: Clients): Promise<void> {
  const RoleName = "workers";
  const Principal = { AWS: [`arn:aws:iam::${motoAccount}:user/admin`] };
  const AssumeRolePolicyDocument = allowing({ Action: "sts:AssumeRole", Principal });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = allowing({ Action: "sts:AssumeRole", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "roles", PolicyDocument }));
}

/** Notes which bucket has which key. */
async function makeEnvironment(aws: Clients, stack: Stack, keys: Map<string, string>): Promise<void> {
  for (const { bucket } of stack.resources("aws_s3_bucket"))
    keys.set(String(bucket), await makeBucket(aws, String(bucket)));
  for (const kind of ["plan", "apply"] as const) await makeRole(aws, stack, kind);
}

/** As `PrivateBucket` and `EncryptionKey` describe one. Gives the ARN of its key. */
async function makeBucket({ s3, kms }: Pick<Clients, "s3" | "kms">, Bucket: string): Promise<string> {
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
  return KeyMetadata?.Arn ?? "";
}

async function makeRole({ iam }: Clients, stack: Stack, kind: "plan" | "apply"): Promise<void> {
  const { name, path } = stack.resource("aws_iam_role", `${kind}/`);
  const RoleName = String(name);
  // moto knows no service that is in a role's session by itself: a user stands for it, or a session by its name.
  const trust = policyDocument(trustOf(stack, kind)).replaceAll(`"${service}"`, servicesHere);
  await iam.send(new CreateRoleCommand({ RoleName, Path: String(path), AssumeRolePolicyDocument: trust }));
  for (const { name: policy } of stack.resources("aws_iam_role_policy", `${kind}/role/`)) {
    const rights = policyDocument(stack.statements(`${kind}/role/${policy}-document`));
    const PolicyDocument = rights.replaceAll(/\$\{aws:PrincipalTag\/[^}]+\}/g, repository);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: String(policy), PolicyDocument }));
  }
}
