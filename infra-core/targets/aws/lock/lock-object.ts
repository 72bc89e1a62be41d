import { z } from "zod";
import type { AwsCoreConfig } from "../config.ts";
import { s3At } from "../lifecycle/clients.ts";
import { coreBucketName } from "../names.ts";
import { stateKey } from "../stacks/own-state-key.ts";
import { isTaken } from "./taken.ts";

/** What Terraform writes into a lock, under Terraform's names. */
export interface LockInfo {
  readonly ID: string;
  /** `user@host`. */
  readonly Who: string;
  readonly Operation: string;
  /** ISO 8601. */
  readonly Created: string;
}

/** The object that locks a core stack's state: Terraform's own (`use_lockfile`), which any Terraform honours. */
export interface LockObject {
  /** `s3://<bucket>/<key>`. */
  readonly address: string;
  /** False: there is one. */
  create(info: LockInfo): Promise<boolean>;
  /** Undefined: there is none. */
  read(): Promise<{ readonly info: LockInfo; readonly etag: string } | undefined>;
  /** Puts another lock into the place of just that one. False: it is gone or another one already. */
  replace(etag: string, info: LockInfo): Promise<boolean>;
  remove(): Promise<void>;
}

const lockSchema = z.object({
  ID: z.string().default(""),
  Who: z.string().default(""),
  Operation: z.string().default(""),
  Created: z.string().default(""),
});

/** Where the lock of a stack's state is, or would be. Errors: those of S3. */
export async function openLock(
  { name, core }: AwsCoreConfig,
  stack: string,
): Promise<LockObject & Disposable> {
  const { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const s3 = await s3At(core);
  const place = { Bucket: coreBucketName(name, core.account), Key: `${stateKey(stack)}.tflock` };
  const put = async (info: LockInfo, condition: { IfNoneMatch?: string; IfMatch?: string }) => {
    const content = { ContentType: "application/json", Body: JSON.stringify(info) };
    return await unlessTaken(s3.send(new PutObjectCommand({ ...place, ...content, ...condition })));
  };
  return {
    address: `s3://${place.Bucket}/${place.Key}`,
    create: (info) => put(info, { IfNoneMatch: "*" }),
    replace: (IfMatch, info) => put(info, { IfMatch }),
    read: async () => {
      const { Body, ETag = "" } = await s3.send(new GetObjectCommand(place)).catch(nothing);
      const text = await Body?.transformToString();
      return text === undefined ? undefined : { info: parseLock(text), etag: ETag };
    },
    remove: async () => {
      await s3.send(new DeleteObjectCommand(place));
    },
    [Symbol.dispose]: () => s3.destroy(),
  };
}

/** Anybody may have written it: what can't be read is somebody's all the same. */
function parseLock(text: string): LockInfo {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return lockSchema.parse({});
  }
}

const isGone = (error: unknown): boolean => error instanceof Error && error.name === "NoSuchKey";

async function unlessTaken(written: Promise<unknown>): Promise<boolean> {
  try {
    await written;
    return true;
  } catch (error) {
    if (isTaken(error) || isGone(error)) return false;
    throw error;
  }
}

function nothing(error: unknown): { Body?: undefined; ETag?: undefined } {
  if (isGone(error)) return {};
  throw error;
}
