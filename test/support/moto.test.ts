import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Moto, startMoto } from "./moto.ts";

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.close());

test("lets strangers do anything, until it is told to ask who they are", async () => {
  const credentials = { accessKeyId: "stranger", secretAccessKey: "stranger's secret" };
  const s3 = new S3Client({ endpoint: moto.url, region: "us-east-1", credentials });
  await s3.send(new CreateBucketCommand({ Bucket: "anybody" }));
  await moto.authorize(true);
  await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
  await moto.authorize(false);
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
});
