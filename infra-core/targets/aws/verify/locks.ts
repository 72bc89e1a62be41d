import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import { isTaken } from "../lock/taken.ts";
import { demand } from "./finding.ts";

/** How many ask for the same lock at once. */
const contenders = 5;

/**
 * Takes one lock several times at once, as Terraform does (`use_lockfile`: an object that must not exist yet), and
 * demands that exactly one wins. Some servers ignore the condition without a word, and then two applies would run on one
 * state. The lock is put away again.
 */
export async function proveLock(s3: S3Client, { bucket: Bucket, prefix }: S3Place): Promise<void> {
  const { DeleteObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const Key = `${prefix}/verify-${randomUUID()}.tflock`;
  const take = () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}", IfNoneMatch: "*" }));
  const taken = await Promise.allSettled(Array.from({ length: contenders }, take));
  const failures = taken.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const winners = contenders - failures.length;
  if (winners > 0) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const other = failures.find((error) => !isTaken(error));
  if (other !== undefined) throw other;
  demand(winners === 1, `${winners} of ${contenders} got the same lock`);
}
