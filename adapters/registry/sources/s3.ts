import { type Patience, patience } from "../../aws/patience.ts";
import { missing, unreachable } from "./failures.ts";
import { isYoung, type RegistrySource, type SourceReading } from "./source.ts";

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** A registry in a bucket. The client is loaded with the first look: who keeps a file pays nothing for it. */
export const s3Source = (place: ObjectPlace, limits: Patience = patience): RegistrySource => ({
  read: () => readObject(place, limits),
  isCurrent: isYoung,
});

async function readObject({ bucket, key }: ObjectPlace, requestHandler: Patience): Promise<SourceReading> {
  const { GetObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ followRegionRedirects: true, requestHandler });
  try {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return { text: (await Body?.transformToString()) ?? "", mark: ETag ?? "" };
  } catch (error) {
    const isMissing = error instanceof Error && /^NoSuch(Key|Bucket)$/.test(error.name);
    throw (isMissing ? missing : unreachable)(`s3://${bucket}/${key}`, error);
  } finally {
    client.destroy();
  }
}
