import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { type Phase, sessionRequest } from "../../adapters/aws/session-request.ts";
import type { Binding } from "../../adapters/registry/schema.ts";
import type { EnvironmentName } from "../stage/shop-source.ts";
import { clientsOf, type Identity } from "./clients.ts";
import type { Aws } from "./open.ts";
import { readRegistry } from "./registry.ts";

/** The shop in one environment, as the registry binds it. Its state is in S3. */
export async function bindingOf(aws: Aws, environment: EnvironmentName) {
  const { bindings } = await readRegistry(aws);
  const binding = bindings.find((one) => one.environment === environment);
  if (binding?.aws === undefined || binding.backend.type !== "s3")
    throw new Error(`${environment} is not on AWS`);
  return { ...binding, backend: binding.backend, aws: binding.aws } satisfies Binding;
}

/** Takes an environment's role as the service does for a deployment; with another ExternalId if one is given. */
export async function takeRole(
  aws: Aws,
  environment: EnvironmentName,
  phase: Phase,
  externalId?: string,
): Promise<Identity> {
  const binding = await bindingOf(aws, environment);
  const access = { ...binding.aws, ...(externalId && { externalId }) };
  const owner = { binding, access, repository: binding.backend.prefix, deployment: "tour" };
  const request = new AssumeRoleCommand(sessionRequest(owner, phase, 60));
  const { Credentials } = await clientsOf(aws.service).sts.send(request);
  return {
    ...aws.moto.variables,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
  };
}
