import type { Identity } from "../../../../adapters/aws/assume-role.ts";
import { patience } from "../../../../adapters/aws/patience.ts";
import type { AwsEnvironment } from "../config.ts";
import { keysOf } from "../lifecycle/clients.ts";

/**
 * The service's identity, which alone may take the roles: what this command runs as, if that is it; else a session of
 * its role, which the admin must then be allowed to take.
 */
export async function serviceIdentity({ service, region }: AwsEnvironment): Promise<Identity | undefined> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { Arn } = await new STSClient({ region, requestHandler: patience }).send(
    new GetCallerIdentityCommand({}),
  );
  return isSessionOf(Arn ?? "", service) ? undefined : () => keysOf(service, region);
}

/** `arn:…:sts::<account>:assumed-role/<name>/<session>` of `arn:…:iam::<account>:role/<path>/<name>`. */
function isSessionOf(caller: string, role: string): boolean {
  const [, account, name] = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  return account !== undefined && role.includes(`:${account}:role/`) && role.split("/").at(-1) === name;
}
