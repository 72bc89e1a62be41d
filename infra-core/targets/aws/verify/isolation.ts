import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "../../../../adapters/registry/places.ts";
import { demand } from "./finding.ts";

/** Asks for a state that these keys have no business with, and demands to be refused: "not there" would be an answer. */
export async function proveRefused(s3: S3Client, { bucket: Bucket, prefix }: S3Place): Promise<void> {
  const { GetObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const Key = `${prefix}/verify.tfstate`;
  const asked = [
    await answer(s3.send(new GetObjectCommand({ Bucket, Key }))),
    // The condition can't hold, so that even who is let in writes nothing.
    await answer(s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}", IfMatch: '"never"' }))),
  ];
  demand(
    asked.every((name) => name === "AccessDenied"),
    `S3 answers ${asked.join(", ")}`,
  );
}

/** Asks for a state that is not there yet, and demands to hear so: Terraform takes "forbidden" for a failure. */
export async function proveAbsence(s3: S3Client, { bucket: Bucket, prefix }: S3Place): Promise<void> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const Key = `${prefix}/verify.tfstate`;
  const told = await answer(s3.send(new GetObjectCommand({ Bucket, Key })));
  demand(told === "NoSuchKey", `S3 answers ${told}`);
}

const answer = async (sent: Promise<unknown>): Promise<string> =>
  await sent.then(
    () => "and obeys",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
