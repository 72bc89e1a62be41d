import { type Patience, patience } from "../../aws/patience.ts";
import { missing, unreachable } from "./failures.ts";
import { isYoung, type RegistrySource, type SourceReading } from "./source.ts";

/** A registry in a parameter of Systems Manager. The client is loaded with the first look, as S3's is. */
export const ssmSource = (name: string, limits: Patience = patience): RegistrySource => ({
  read: () => readParameter(name, limits),
  isCurrent: isYoung,
});

async function readParameter(name: string, requestHandler: Patience): Promise<SourceReading> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({ requestHandler });
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return { text: Parameter?.Value ?? "", mark: String(Parameter?.Version) };
  } catch (error) {
    const isMissing = error instanceof Error && error.name === "ParameterNotFound";
    throw (isMissing ? missing : unreachable)(`ssm://${name}`, error);
  } finally {
    client.destroy();
  }
}
