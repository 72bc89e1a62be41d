import { createHash } from "node:crypto";
import type { S3Place } from "../registry/places.ts";
import type { AwsKeys } from "./keys.ts";
import { type Patience, patience } from "./patience.ts";
import { isRefusal } from "./refusal.ts";
import { storeFailure } from "./store-failure.ts";

/** The objects of one repository in one environment. Keys are below its prefix. */
export interface ObjectStore {
  /** Writes an object, unless it holds just that already. An earlier version of it can be restored. */
  put(key: string, content: Uint8Array): Promise<void>;
  /** Undefined: there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Another one once somebody has written the object; undefined: there is none. */
  version(key: string): Promise<string | undefined>;
  close(): void;
}

/** Opens a place with a session's keys. Its errors (service): `store-refused`, `store-unreachable`. */
export async function openObjectStore(
  { bucket, prefix, region }: S3Place,
  keys: AwsKeys,
  requestHandler: Patience = patience,
): Promise<ObjectStore> {
  const { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } = await import(
    "@aws-sdk/client-s3"
  );
  const client = new S3Client({ region, credentials: keys, requestHandler });
  const at = (key: string) => ({ Bucket: bucket, Key: `${prefix}/${key}` });
  /** Who may not ask, or asks for nothing, is told by what comes next. */
  const sumOf = async (key: string): Promise<string | undefined> => {
    const head = client.send(new HeadObjectCommand({ ...at(key), ChecksumMode: "ENABLED" }));
    return await head.then(
      ({ ChecksumSHA256 }) => ChecksumSHA256,
      (error: unknown) => (isRefusal(error) ? undefined : Promise.reject(error)),
    );
  };
  return {
    put: async (key, content) => {
      // S3 refuses what arrives otherwise than it was sent, and keeps the sum.
      const ChecksumSHA256 = createHash("sha256").update(content).digest("base64");
      const sum = { ChecksumAlgorithm: "SHA256", ChecksumSHA256 } as const;
      try {
        if ((await sumOf(key)) === ChecksumSHA256) return;
        await client.send(new PutObjectCommand({ ...at(key), ...sum, Body: content }));
      } catch (error) {
        throw storeFailure(bucket, error);
      }
    },
    read: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (isNamed(error, "NoSuchKey")) return undefined;
        throw storeFailure(bucket, error);
      }
    },
    version: async (key) => {
      try {
        const { VersionId, ETag } = await client.send(new HeadObjectCommand(at(key)));
        return VersionId ?? ETag;
      } catch (error) {
        if (isNamed(error, "NotFound")) return undefined;
        throw storeFailure(bucket, error);
      }
    },
    close: () => client.destroy(),
  };
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
