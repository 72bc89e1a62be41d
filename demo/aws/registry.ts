import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseRegistry } from "../../adapters/registry/parse.ts";
import type { Registry } from "../../adapters/registry/schema.ts";
import { clientsOf } from "./clients.ts";
import type { Aws } from "./open.ts";

/** The registry as the service finds it. */
export async function readRegistry({ service, registry }: Aws): Promise<Registry> {
  const read = new GetParameterCommand({ Name: registry.slice("ssm://".length), WithDecryption: true });
  const { Parameter } = await clientsOf(service).ssm.send(read);
  return parseRegistry(Parameter?.Value ?? "", registry);
}
