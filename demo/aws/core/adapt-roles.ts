import {
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { serviceArn, serviceStandIns } from "../account.ts";
import type { Clients } from "../clients.ts";

/**
 * Says in the core stack's roles, in moto's words, what moto would not understand: a variable that stands for the
 * caller's repository, of which there is one, and the service, for which a user stands. `path`: where the roles are.
 */
export async function adaptRoles({ iam }: Clients, path: string, repository: string): Promise<void> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: path }));
  for (const { RoleName = "", AssumeRolePolicyDocument = "" } of Roles) {
    const trust = withStandIns(decodeURIComponent(AssumeRolePolicyDocument));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const rights = withoutVariables(decodeURIComponent(PolicyDocument), repository);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: rights }));
    }
  }
}

const withStandIns = (trust: string): string =>
  JSON.stringify(
    JSON.parse(trust, (_key, value: unknown) => {
      if (Array.isArray(value)) return value.flat();
      return value === serviceArn ? serviceStandIns : value;
    }),
  );

const withoutVariables = (rights: string, repository: string): string =>
  rights.replaceAll(/\$\{aws:PrincipalTag\/[^}]+\}/g, repository);
