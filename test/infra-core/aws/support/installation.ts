import type { SessionOwner } from "../../../../adapters/aws/session-request.ts";
import type { Registry } from "../../../../adapters/registry/schema.ts";
import { type Account, openAccount, serviceArn } from "../../../../demo/aws/account.ts";
import { clientsOf } from "../../../../demo/aws/clients.ts";
import { adaptRoles } from "../../../../demo/aws/core/adapt-roles.ts";
import { makeCore } from "../../../../demo/aws/core/make.ts";
import { type Moto, motoAccount, motoRegion } from "../../../../demo/aws/moto.ts";
import { synthesize } from "./core.ts";

const repository = "acme/Shop";

/** A core stack's buckets, keys and roles on moto, as its synthesized stacks describe them. */
export interface Installation extends Account {
  readonly registry: Registry;
}

/** A deployment of the shop to an environment of an installation. */
export function ownerIn({ registry }: Pick<Installation, "registry">, environment: string): SessionOwner {
  const binding = registry.bindings.find((one) => one.environment === environment);
  if (binding?.aws === undefined) throw new Error(`${environment} has no roles`);
  return { binding, access: binding.aws, repository, deployment: "7" };
}

/** Installations whose environments share moto's account: it checks trust within an account only. */
export const oneAccount = {
  service: serviceArn,
  administrators: [`arn:aws:iam::${motoAccount}:role/admin`],
  core: { account: motoAccount, region: motoRegion },
  environments: ["dev", "prod"].map((name) => ({
    name,
    branch: name,
    account: motoAccount,
    region: motoRegion,
  })),
  repositories: [{ id: 1001, fullName: repository }],
};

/** Makes it by API, with what moto doesn't know said in its own words. */
export async function install(moto: Moto): Promise<Installation> {
  const stacks = await synthesize(oneAccount);
  const clients = clientsOf(moto.variables);
  const account = await openAccount(moto);
  const environments = [...stacks].filter(([name]) => name.startsWith("environment-"));
  const bindings = await makeCore(
    clients,
    environments.map(([, stack]) => stack),
  );
  await adaptRoles(clients, "/waymark/", repository);
  return {
    ...account,
    registry: {
      version: 1,
      environments: oneAccount.environments.map(({ name, branch }) => ({ name, branch, after: null })),
      repositories: oneAccount.repositories,
      bindings: [...bindings],
    },
  };
}
