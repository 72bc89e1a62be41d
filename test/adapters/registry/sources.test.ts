import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadRegistry } from "../../../adapters/registry/load.ts";
import { watchRegistry } from "../../../adapters/registry/watch.ts";
import { type Moto, startMoto } from "../../support/moto.ts";
import { registryFixture } from "./registry-fixture.ts";

const bucket = "waymark-core-111111111111";

let moto: Moto;
let s3: S3Client;
let ssm: SSMClient;
beforeAll(async () => {
  moto = await startMoto();
  await inAccount(async () => {
    s3 = new S3Client();
    ssm = new SSMClient();
    const where = { LocationConstraint: "eu-central-1" } as const;
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: where }));
  });
});
afterAll(() => moto.close());

/** The service's own variables name the account and AWS's address. */
const useVariables = () => {
  for (const [name, value] of Object.entries(moto.variables)) vi.stubEnv(name, value);
};
async function inAccount(what: () => Promise<void>): Promise<void> {
  useVariables();
  await what();
  vi.unstubAllEnvs();
}
beforeEach(useVariables);
afterEach(() => void vi.unstubAllEnvs());

const places = {
  s3: {
    address: `s3://${bucket}/registry.json`,
    write: (text: string) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: "registry.json", Body: text })),
  },
  ssm: {
    address: "ssm:///waymark/registry",
    write: (text: string) =>
      ssm.send(
        new PutParameterCommand({
          Name: "/waymark/registry",
          Value: text,
          Type: "SecureString",
          Overwrite: true,
        }),
      ),
  },
};

describe.each(Object.entries(places))("a registry in %s", (_, { address, write }) => {
  test("is read, and looked at again when it was read a while ago", async () => {
    await write(JSON.stringify(registryFixture()));
    let now = 0;
    const current = watchRegistry(address, () => now);
    const first = await current();
    expect(first.repositories).toHaveLength(2);

    const { repositories, ...rest } = registryFixture();
    await write(
      JSON.stringify({ ...rest, repositories: [...repositories, { id: 3, fullName: "acme/new" }] }),
    );
    now += 14_000;
    expect(await current()).toBe(first);
    now += 2_000;
    expect((await current()).repositories).toHaveLength(3);
  });

  test("that is broken is refused, with its address", async () => {
    await write("{}");
    await expect(loadRegistry(address)).rejects.toMatchObject({
      code: "registry-invalid",
      message: expect.stringContaining(address),
    });
  });

  test("that is lost says how to write it again", async () => {
    await expect(loadRegistry(`${address}-lost`)).rejects.toMatchObject({
      code: "registry-missing",
      message: expect.stringContaining(`${address}-lost`),
      next: expect.stringContaining("npm run core -- registry"),
    });
  });

  test("that the service may not read is not lost", async () => {
    await moto.authorize(true);
    try {
      await expect(loadRegistry(address)).rejects.toMatchObject({ code: "registry-unreachable" });
    } finally {
      await moto.authorize(false);
    }
  });
});

test("a bucket that is gone means that the registry is lost", async () => {
  await expect(loadRegistry("s3://no-such-bucket/registry.json")).rejects.toMatchObject({
    code: "registry-missing",
  });
});
