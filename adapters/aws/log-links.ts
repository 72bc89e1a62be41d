import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "../registry/places.ts";
import type { Identity } from "./assume-role.ts";
import { allLogs, logsPrefix } from "./log-keys.ts";
import { patience } from "./patience.ts";
import { storeFailure } from "./store-failure.ts";

/** Seconds. Whoever has a link can open what it leads to. */
export const linkLife = 900;

/** An attempt that has logs. */
export interface LoggedAttempt {
  readonly id: string;
  /** When the last of them was written; milliseconds since 1970. */
  readonly at: number;
}

export interface LogLink {
  /** `<stack>/<step>.jsonl` or `synth.log`. */
  readonly name: string;
  /** A secret, until it ends. */
  readonly url: string;
}

/**
 * The attempts whose logs a bucket holds, newest first. `identity`: who asks; undefined: whom AWS's clients find.
 * Errors (service): `store-refused`, `store-unreachable`.
 */
export async function loggedAttempts(place: S3Place, identity?: Identity): Promise<LoggedAttempt[]> {
  const newest = new Map<string, number>();
  for (const { name, at } of await withClient(place, identity, (s3) => listBelow(s3, place, allLogs))) {
    const [id = ""] = name.split("/");
    newest.set(id, Math.max(at, newest.get(id) ?? 0));
  }
  return [...newest].map(([id, at]) => ({ id, at })).sort((a, b) => b.at - a.at);
}

/** Links to all logs of an attempt, for `linkLife`; none: there are no logs. Errors as above. */
export async function linkLogs(place: S3Place, attemptId: string, identity?: Identity): Promise<LogLink[]> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
  const prefix = logsPrefix(attemptId);
  return await withClient(place, identity, async (s3) => {
    const link = async ({ name }: Found): Promise<LogLink> => {
      const get = new GetObjectCommand({ Bucket: place.bucket, Key: `${place.prefix}/${prefix}${name}` });
      return { name, url: await getSignedUrl(s3, get, { expiresIn: linkLife }) };
    };
    return await Promise.all((await listBelow(s3, place, prefix)).map(link));
  });
}

async function withClient<Result>(
  { bucket, region }: S3Place,
  identity: Identity | undefined,
  use: (s3: S3Client) => Promise<Result>,
): Promise<Result> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client({ region, requestHandler: patience, ...(identity && { credentials: identity }) });
  try {
    return await use(s3);
  } catch (error) {
    throw storeFailure(bucket, error);
  } finally {
    s3.destroy();
  }
}

interface Found {
  /** What comes after the prefix. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

async function listBelow(s3: S3Client, { bucket, prefix }: S3Place, below: string): Promise<Found[]> {
  const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
  const whole = `${prefix}/${below}`;
  const found: Found[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: whole },
  )) {
    for (const { Key = "", LastModified } of Contents)
      found.push({ name: Key.slice(whole.length), at: LastModified?.getTime() ?? 0 });
  }
  return found;
}
