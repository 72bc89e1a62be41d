import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { accounts, configure, inPartition, service } from "./support/core.ts";

const coreRole = "arn:aws:iam::222222222222:role/waymark/waymark";
const place = { account: accounts.shared, region: "eu-central-1" };

test("an environment without a service of its own is deployed by the installation's", async () => {
  const config = await configure();
  expect(config.environments.map((environment) => environment.service)).toEqual([service, service, service]);
  expect(config.name).toBe("waymark");
});

test.each<[string, Record<string, unknown>, string]>([
  ["an account that YAML took for a number", { core: { ...place, account: 111 } }, "core.account"],
  ["a region that is none", { core: { ...place, region: "Frankfurt" } }, "core.region"],
  ["a user instead of a role", { service: "arn:aws:iam::111111111111:user/me" }, "service"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax that is refused here
  ["an expression in an ARN", { service: "arn:aws:iam::111111111111:role/${path.root}" }, "service"],
  ["a name that is too long for a bucket", { name: "thirteenchars" }, "name: must be"],
  ["an unknown key", { bucket: "mine" }, "bucket"],
  ["an environment that comes after none", { environments: [{ name: "dev", after: "qa", ...place }] }, "qa"],
  [
    "two repositories of one name",
    {
      repositories: [
        { id: 1, fullName: "a/b" },
        { id: 2, fullName: "A/B" },
      ],
    },
    "a/b is listed under two ids",
  ],
  [
    "an account without an administrator",
    { environments: [{ name: "dev", ...place, account: "444444444444" }] },
    "environment dev has no administrator: list a role of the account 444444444444",
  ],
  [
    "a provisioner who could not read the states",
    { core: { ...place, provisioner: "arn:aws:iam::222222222222:role/other" } },
    "core is provisioned by arn:aws:iam::222222222222:role/other",
  ],
  [
    "a service of another partition",
    { ...inPartition("aws-cn", "cn-north-1"), service },
    `environment prod is in the partition aws-cn, and can't use ${service}`,
  ],
  [
    "a role of the core stack for an app to take",
    {
      environments: [{ name: "dev", ...place, assumable: [`${coreRole}-prod-apply`] }],
    },
    `an app in environment dev can't take ${coreRole}-prod-apply`,
  ],
  [
    "a role of another partition for an app to take",
    { environments: [{ name: "dev", ...place, assumable: ["arn:aws-cn:iam::222222222222:role/dns"] }] },
    "environment dev is in the partition aws, and can't use arn:aws-cn:iam::222222222222:role/dns",
  ],
  [
    "an expression among what is forbidden",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax that is refused here
    { environments: [{ name: "dev", ...place, forbids: { providers: ["hashicorp/${path.root}"] } }] },
    "environments[0].forbids.providers[0]",
  ],
])("%s is refused by name", async (_, differences, message) => {
  await expect(configure(differences)).rejects.toMatchObject({
    code: "core-config-invalid",
    source: "user",
    message: expect.stringContaining(message),
  });
});

/** What the first example in a page says. */
async function exampleIn(page: string) {
  const text = await readFile(join(import.meta.dirname, "../../..", page), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(text) ?? [];
  return parse(example);
}

test("the example that people copy holds", async () => {
  const config = await configure(await exampleIn("infra-core/targets/aws/README.md"));
  expect(config.environments.map(({ name }) => name)).toEqual(["dev", "staging", "prod"]);
});

test("so does the one about what apps may do", async () => {
  const { environments } = await exampleIn("docs/bounds.md");
  const config = await configure({ environments: [{ ...environments[0], ...place }] });
  expect(config.environments).toMatchObject(environments);
});
