import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionRequest } from "../../adapters/aws/session-request.ts";
import { clientsOf } from "../../demo/aws/clients.ts";
import { install, ownerIn } from "../infra-core/aws/support/installation.ts";
import { type Moto, motoAccount, startMoto } from "./moto.ts";

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

test("ends the sessions that there are, and no later ones", async () => {
  const { service, registry } = await install(moto);
  await moto.authorize(true);
  const s3 = async () => {
    const request = sessionRequest(ownerIn({ registry }, "dev"), "apply", 60);
    const { Credentials } = await clientsOf(service).sts.send(new AssumeRoleCommand(request));
    return clientsOf({
      ...service,
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
    }).s3;
  };
  const read = { Bucket: `waymark-dev-state-${motoAccount}`, Prefix: "acme/Shop/" };
  const before = await s3();
  await before.send(new ListObjectsV2Command(read));
  await moto.endSessions();
  await expect(before.send(new ListObjectsV2Command(read))).rejects.toMatchObject({ name: "ExpiredToken" });
  await (await s3()).send(new ListObjectsV2Command(read));
});
