import type { AwsCoreConfig } from "../config.ts";
import { coreBucketName } from "../names.ts";
import { stateKey } from "../stacks/own-state-key.ts";
import { s3At } from "./clients.ts";

/** The state of a core stack as their bucket holds it; undefined: it holds none, or does not exist yet. */
export async function storedState(config: AwsCoreConfig, stack: string): Promise<string | undefined> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const s3 = await s3At(config.core);
  try {
    const { Body } = await s3.send(new GetObjectCommand(placeOf(config, stack)));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && /^NoSuch(Key|Bucket)$/.test(error.name)) return undefined;
    throw error;
  } finally {
    s3.destroy();
  }
}

/**
 * Puts a stack's state where there is none yet, as it is: `terraform state push` would make another state of it, with a
 * lineage of its own, and nobody could tell any more that it was moved.
 */
export async function storeFirstState(config: AwsCoreConfig, stack: string, state: string): Promise<void> {
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const s3 = await s3At(config.core);
  const content = { Body: state, ContentType: "application/json", IfNoneMatch: "*" };
  try {
    await s3.send(new PutObjectCommand({ ...placeOf(config, stack), ...content }));
  } finally {
    s3.destroy();
  }
}

const placeOf = ({ name, core }: AwsCoreConfig, stack: string) => ({
  Bucket: coreBucketName(name, core.account),
  Key: stateKey(stack),
});
