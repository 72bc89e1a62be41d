import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { clientsOf } from "./clients.ts";
import type { Aws } from "./open.ts";

/** An object of a bucket. */
export interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

const stateSchema = z.looseObject({ serial: z.int(), resources: z.array(z.unknown()) });

/** A mishap: somebody with every right stores a state in which nothing is left. Gives how many resources it had. */
export async function emptyState({ administrator }: Aws, place: Place): Promise<number> {
  const { s3 } = clientsOf(administrator);
  const { Body } = await s3.send(new GetObjectCommand(place));
  const state = stateSchema.parse(JSON.parse((await Body?.transformToString()) ?? ""));
  const emptied = JSON.stringify({ ...state, serial: state.serial + 1, resources: [] });
  await s3.send(new PutObjectCommand({ ...place, Body: emptied }));
  return state.resources.length;
}

/** As docs/aws.md tells an admin: the version before is copied over the newest one. Gives how many versions there were. */
export async function restoreVersionBefore({ administrator }: Aws, place: Place): Promise<number> {
  const { s3 } = clientsOf(administrator);
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: place.Bucket, Prefix: place.Key }),
  );
  const own = Versions.filter(({ Key }) => Key === place.Key);
  const before = own.find(({ IsLatest }) => !IsLatest)?.VersionId;
  const CopySource = `${place.Bucket}/${place.Key}?versionId=${before}`;
  await s3.send(new CopyObjectCommand({ ...place, CopySource }));
  return own.length;
}

/** What there is now whose key begins so. */
export async function keysBelow({ administrator }: Aws, { Bucket, Key }: Place): Promise<readonly string[]> {
  const { Contents = [] } = await clientsOf(administrator).s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: Key }),
  );
  return Contents.map((object) => object.Key ?? "");
}
