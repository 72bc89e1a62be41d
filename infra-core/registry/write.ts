import { patience } from "../../adapters/aws/patience.ts";
import { parseAddress } from "../../adapters/registry/address.ts";
import { parseRegistry } from "../../adapters/registry/parse.ts";
import { WaymarkError } from "../../promotion/failure.ts";
import { replaceFile } from "./file.ts";

/**
 * Writes a registry to its address, whole or not at all. A file is only for this user to read (0600).
 * Errors: `registry-invalid` (service), `registry-too-large` (user), those of the file system or of AWS.
 */
export async function writeRegistry(json: string, address: string): Promise<void> {
  const text = `${JSON.stringify(parseRegistry(json, address), undefined, 2)}\n`;
  const place = parseAddress(address);
  if (place.type === "file") await replaceFile(place.path, text);
  if (place.type === "s3") await putObject(place.bucket, place.key, text);
  if (place.type === "ssm") await putParameter(place.name, text);
}

async function putObject(Bucket: string, Key: string, Body: string): Promise<void> {
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const ContentType = "application/json";
  await new S3Client({ followRegionRedirects: true, requestHandler: patience }).send(
    new PutObjectCommand({ Bucket, Key, Body, ContentType }),
  );
}

/** What the largest kind of parameter holds, in bytes. */
const largestParameter = 8_192;

async function putParameter(Name: string, text: string): Promise<void> {
  const Value = JSON.stringify(JSON.parse(text));
  if (Buffer.byteLength(Value) > largestParameter) throw tooLarge(Name);
  const { PutParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const options = { Type: "SecureString", Tier: "Intelligent-Tiering", Overwrite: true } as const;
  await new SSMClient({ requestHandler: patience }).send(
    new PutParameterCommand({ Name, Value, ...options }),
  );
}

const tooLarge = (name: string): WaymarkError =>
  new WaymarkError({
    code: "registry-too-large",
    source: "user",
    class: "configuration",
    message: `The registry is too large for the parameter ${name}, which holds ${largestParameter} bytes.`,
    next: "Set `registry` in core.yml to an address in a bucket, s3://bucket/key.",
  });
