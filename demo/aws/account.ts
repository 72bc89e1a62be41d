import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { type Clients, clientsOf, type Identity } from "./clients.ts";
import { type Moto, motoAccount } from "./moto.ts";

const role = "workers";

/** The role that the service runs as. */
export const serviceArn = `arn:aws:iam::${motoAccount}:role/${role}`;

/** Who stands for it: moto knows no service that is in a role's session by itself. */
export const serviceStandIns = [
  `arn:aws:iam::${motoAccount}:user/${role}`,
  `arn:aws:sts::${motoAccount}:assumed-role/${role}/waymark-core`,
];

/** What there is in an account before the core stack: who provisions, and who will deploy. */
export interface Account {
  /** What the admin's shell has: an identity that may do anything, also take the service's role. */
  readonly administrator: Identity;
  /** What the worker is started with: the service's own identity, which takes roles and reads the registry. */
  readonly service: Identity;
}

export async function openAccount(moto: Moto): Promise<Account> {
  const clients = clientsOf(moto.variables);
  await makeServiceRole(clients);
  return {
    administrator: await makeUser(clients, moto, "admin", "*"),
    service: await makeUser(clients, moto, role, ...serviceActions),
  };
}

const serviceActions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "ssm:GetParameter"];

/** A user of that name who may do this; gives what makes AWS's clients this user. */
async function makeUser(
  { iam }: Clients,
  { variables }: Moto,
  UserName: string,
  ...Action: readonly string[]
): Promise<Identity> {
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

/** Only the administrator may take it, to prove what the service can do. */
async function makeServiceRole({ iam }: Clients): Promise<void> {
  const Principal = { AWS: [`arn:aws:iam::${motoAccount}:user/admin`] };
  const AssumeRolePolicyDocument = allowing({ Action: "sts:AssumeRole", Principal });
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument }));
  const PolicyDocument = allowing({ Action: serviceActions, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "roles", PolicyDocument }));
}

const allowing = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
