import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import { administratorAt, installation } from "./aws.ts";

/** The artifacts of the shop in dev, as an admin sees them. Names are below its prefix. */
export interface TestBucket {
  readonly place: S3Place;
  names(prefix?: string): Promise<readonly string[]>;
  read(name: string): Promise<string>;
  write(name: string, content: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export function artifactBucket(): TestBucket {
  const binding = installation.registry.bindings.find(({ environment }) => environment === "dev");
  if (binding?.artifacts.type !== "s3") throw new Error("dev's artifacts are not in S3");
  const place = binding.artifacts;
  const { bucket: Bucket, prefix, region } = place;
  const s3 = administratorAt(region);
  const at = (name: string) => ({ Bucket, Key: `${prefix}/${name}` });
  return {
    place,
    names: async (below = "") => {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/${below}` }),
      );
      return Contents.map(({ Key = "" }) => Key.slice(prefix.length + 1));
    },
    read: async (name) => {
      const { Body } = await s3.send(new GetObjectCommand(at(name)));
      return (await Body?.transformToString()) ?? "";
    },
    // With the kind of sum that Waymark looks at, as a forger would.
    write: async (name, Body) =>
      void (await s3.send(new PutObjectCommand({ ...at(name), Body, ChecksumAlgorithm: "SHA256" }))),
    remove: async (name) => void (await s3.send(new DeleteObjectCommand(at(name)))),
  };
}
