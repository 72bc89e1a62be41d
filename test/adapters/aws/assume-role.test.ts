import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { assumeRole } from "../../../adapters/aws/assume-role.ts";
import type { AwsKeys } from "../../../adapters/aws/keys.ts";
import type { SessionOwner } from "../../../adapters/aws/session-request.ts";
import { type Installation, install, ownerIn } from "../../infra-core/aws/support/installation.ts";
import { type Moto, startMoto } from "../../support/moto.ts";

let moto: Moto;
let installation: Installation;
beforeAll(async () => {
  moto = await startMoto();
  installation = await install(moto);
  await moto.authorize(true);
});
afterAll(() => moto.close());

const beTheService = (differences: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries({ ...installation.service, ...differences }))
    vi.stubEnv(name, value);
};
beforeEach(() => beTheService());
afterEach(() => void vi.unstubAllEnvs());

const owner = (environment: string, differences: Partial<SessionOwner["access"]> = {}): SessionOwner => {
  const found = ownerIn(installation, environment);
  return { ...found, access: { ...found.access, ...differences } };
};

const s3With = (keys: AwsKeys) =>
  new S3Client({ endpoint: moto.url, region: keys.region, credentials: keys });
const object = (environment: string, Key = "acme/Shop/network.tfstate") => ({
  Bucket: `waymark-${environment}-state-123456789012`,
  Key,
});
const refused = expect.objectContaining({ name: "AccessDenied" });

test("an apply's keys write the repository's states, a plan's only read them", async () => {
  const apply = s3With(await assumeRole(owner("dev"), "apply", 60));
  const plan = s3With(await assumeRole(owner("dev"), "plan", 60));
  await apply.send(new PutObjectCommand({ ...object("dev"), Body: "{}" }));
  expect(await (await plan.send(new GetObjectCommand(object("dev")))).Body?.transformToString()).toBe("{}");
  await expect(plan.send(new PutObjectCommand({ ...object("dev"), Body: "{}" }))).rejects.toEqual(refused);
  await expect(apply.send(new DeleteObjectCommand(object("dev")))).rejects.toEqual(refused);
});

test("they live about as long as the step needs", async () => {
  const before = Date.now();
  const { expiresAt } = await assumeRole(owner("dev"), "apply", 1_800);
  expect((expiresAt - before) / 1000).toBeGreaterThan(1_800);
  expect((expiresAt - before) / 1000).toBeLessThan(2_400);
});

test("dev's keys reach neither prod's state nor another repository's", async () => {
  const dev = s3With(await assumeRole(owner("dev"), "apply", 60));
  await expect(dev.send(new GetObjectCommand(object("prod")))).rejects.toEqual(refused);
  await expect(dev.send(new PutObjectCommand({ ...object("prod"), Body: "{}" }))).rejects.toEqual(refused);
  const others = object("dev", "acme/site/network.tfstate");
  await expect(dev.send(new PutObjectCommand({ ...others, Body: "{}" }))).rejects.toEqual(refused);
});

test("prod's role is not given away for dev's ExternalId", async () => {
  const { externalId } = owner("dev").access;
  await expect(assumeRole(owner("prod", { externalId }), "apply", 60)).rejects.toMatchObject({
    code: "role-refused",
    class: "credentials",
    message: expect.stringContaining("role/waymark/waymark-prod-apply"),
    next: expect.stringContaining("npm run core -- verify"),
  });
});

test("a stranger is given no role", async () => {
  beTheService({ AWS_ACCESS_KEY_ID: "AKIASTRANGER" });
  await expect(assumeRole(owner("dev"), "plan", 60)).rejects.toMatchObject({ code: "role-refused" });
});

test("an STS that does not answer is asked again later", async () => {
  beTheService({ AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" });
  await expect(assumeRole(owner("dev"), "plan", 60)).rejects.toMatchObject({
    code: "sts-unreachable",
    class: "transient",
  });
});
