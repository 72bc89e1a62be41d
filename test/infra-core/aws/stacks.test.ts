import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { bindingSchema } from "../../../adapters/registry/schema.ts";
import type { Stack } from "../../../demo/aws/core/stack.ts";
import { accounts, administrator, inPartition, provisioner, stackOf, synthesize } from "./support/core.ts";

let stacks: ReadonlyMap<string, Stack>;
beforeAll(async () => {
  stacks = await synthesize();
});

test("there is a stack per environment, one per account, and the core", () => {
  expect([...stacks.keys()].sort()).toEqual([
    `account-${accounts.shared}`,
    `account-${accounts.prod}`,
    "core",
    "environment-dev",
    "environment-prod",
    "environment-staging",
  ]);
});

test("each stack is in its own account and region, by its only AWS provider", () => {
  const settings = (name: string) => stackOf(stacks, name).providers.aws;
  expect(settings("core")).toMatchObject([{ region: "eu-central-1", allowed_account_ids: [accounts.core] }]);
  expect(settings("environment-dev")).toMatchObject([
    { region: "eu-central-1", allowed_account_ids: [accounts.shared] },
  ]);
  expect(settings("environment-prod")).toMatchObject([
    { region: "us-east-2", allowed_account_ids: [accounts.prod], assume_role: [{ role_arn: provisioner }] },
  ]);
  expect(settings("environment-dev")?.[0]).not.toHaveProperty("alias");
});

test("all that an environment is given carries its tag", () => {
  const tags = stackOf(stacks, "environment-prod").providers.aws?.[0]?.default_tags;
  expect(tags).toEqual([{ tags: { "waymark:environment": "prod", "waymark:installation": "waymark" } }]);
});

test("an account trusts GitHub's tokens once, for AWS's own audience", () => {
  const stack = stackOf(stacks, `account-${accounts.shared}`);
  expect(stack.resource("aws_iam_openid_connect_provider")).toEqual({
    url: "https://token.actions.githubusercontent.com",
    client_id_list: ["sts.amazonaws.com"],
  });
});

test("the core stacks keep their states in the core bucket, locked, and by files of their own", () => {
  const backends = [...stacks].map(([name, { backend }]) => [name, backend.s3]);
  for (const [name, backend] of backends) {
    expect(backend).toEqual({
      bucket: `waymark-core-${accounts.core}`,
      key: `${name}.tfstate`,
      region: "eu-central-1",
      use_lockfile: true,
      allowed_account_ids: [accounts.core],
    });
  }
});

test("before the bucket is there they are kept in a directory", async () => {
  const local = await synthesize({}, { type: "directory", directory: "/var/core" });
  expect(stackOf(local, "environment-dev").backend).toEqual({
    local: { path: "/var/core/environment-dev.tfstate" },
  });
});

test("each repository's binding names what the environment was given, and no key", () => {
  const bindings = stackOf(stacks, "environment-dev").output("bindings");
  const place = { type: "s3", prefix: "acme/Shop", region: "eu-central-1" };
  expect(bindings).toMatchObject([
    {
      repositoryId: 1001,
      environment: "dev",
      backend: {
        ...place,
        bucket: `waymark-dev-state-${accounts.shared}`,
        kmsKeyId: expect.stringContaining("state_encryption_key"),
      },
      artifacts: { ...place, bucket: `waymark-dev-files-${accounts.shared}` },
      aws: {
        account: accounts.shared,
        region: "eu-central-1",
        planRole: `arn:aws:iam::${accounts.shared}:role/waymark/waymark-dev-plan`,
        applyRole: `arn:aws:iam::${accounts.shared}:role/waymark/waymark-dev-apply`,
        externalId: "waymark:dev",
        sourceIdentity: "waymark",
      },
      images: "dev/acme/shop",
    },
    { repositoryId: 1002, backend: { prefix: "acme/site" }, images: "dev/acme/site" },
  ]);
  expect(z.array(bindingSchema).parse(bindings)).toEqual(bindings);
});

test("what the admin allows and forbids an app is in each of the environment's bindings, and there alone", async () => {
  const dns = "arn:aws:iam::111111111111:role/dns";
  const forbids = { providers: ["hashicorp/http"], resources: ["aws_iam_user"] };
  const place = { account: accounts.shared, region: "eu-central-1" };
  const strict = { name: "strict", ...place, assumable: [dns], forbids };
  const both = await synthesize({ environments: [strict, { name: "dev", ...place }] });
  const bound = (name: string) => z.array(bindingSchema).parse(stackOf(both, name).output("bindings"));
  for (const { aws, forbids: known } of bound("environment-strict"))
    expect([aws?.assumable, known]).toEqual([[dns], forbids]);
  for (const { aws, forbids: known } of bound("environment-dev"))
    expect([aws?.assumable, known]).toEqual([undefined, undefined]);
});

test("another environment is one line more, and changes none of the others", async () => {
  const experiment = { name: "experiment", account: accounts.shared, region: "eu-central-1" };
  const dev = { name: "dev", branch: "dev", account: accounts.shared, region: "eu-central-1" };
  const [before, after] = [
    await synthesize({ environments: [dev] }),
    await synthesize({ environments: [dev, experiment] }),
  ];
  expect([...after.keys()]).toHaveLength(before.size + 1);
  for (const [name, { text }] of before) expect(stackOf(after, name).text).toBe(text);
});

describe.each([
  ["aws", "eu-central-1"],
  ["aws-us-gov", "us-gov-west-1"],
  ["aws-cn", "cn-north-1"],
])("in the partition %s", (partition, region) => {
  test("no ARN and no endpoint is spelled with a partition, apart from the admin's own", async () => {
    const given = inPartition(partition, region);
    for (const { text } of (await synthesize(given)).values()) {
      const spelled = text.match(/arn:aws[^"]*|[\w.-]*amazonaws[^"]*/g) ?? [];
      const own = [given.service, ...given.administrators];
      expect(spelled.filter((found) => !own.includes(found))).toEqual([]);
      expect(text).toContain(`"region": "${region}"`);
    }
  });
});

test("images are copied within a partition only", async () => {
  const { environments, administrators, service } = inPartition("aws-cn", "cn-north-1");
  const dev = { name: "dev", branch: "dev", account: accounts.shared, region: "eu-central-1" };
  const mixed = await synthesize({
    administrators: [...administrators, administrator(accounts.core), administrator(accounts.shared)],
    environments: [dev, ...environments.map((prod) => ({ ...prod, after: "dev", service }))],
  });
  expect(stackOf(mixed, "environment-dev").resources("aws_ecr_repository_policy")).toEqual([]);
  expect(stackOf(mixed, "environment-prod").text).not.toContain("SOURCE_IMAGE_REPOSITORY");
});
