import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { refuseStack } from "../../../adapters/synth/refusals/stack.ts";
import { parseStack } from "../../../adapters/synth/stack-json.ts";
import type { Attributes, Stack } from "../../../demo/aws/core/stack.ts";
import { readPolicy } from "../../../promotion/policy.ts";
import { stackOf } from "../../infra-core/aws/support/core.ts";
import { allows, type Request } from "../../infra-core/aws/support/iam.ts";
import { type AwsShop, checkOutAwsShop, digest, source, variables } from "./support/shop.ts";

const environments = ["dev", "staging", "prod"] as const;
type Name = (typeof environments)[number];

let shop: AwsShop;
const synthesized = new Map<Name, ReadonlyMap<string, Stack>>();
beforeAll(async () => {
  shop = await checkOutAwsShop();
  for (const name of environments) {
    await shop.synth({ ...variables, WAYMARK_ENVIRONMENT: name });
    synthesized.set(name, await shop.stacks());
  }
});
afterAll(() => shop.remove());

const stack = (environment: Name, name: string) => stackOf(synthesized.get(environment) ?? new Map(), name);

describe.each(environments)("in %s", (environment) => {
  test("network, database, identity and application are stacks of their own, which read each other", () => {
    const stacks = synthesized.get(environment) ?? new Map<string, Stack>();
    expect([...stacks.keys()].sort()).toEqual(["application", "database", "identity", "network"]);
    const readBy = (name: string) =>
      [...stack(environment, name).text.matchAll(/"cross-stack-reference-input-(\w+)": \{/g)].map(
        ([, from]) => from,
      );
    expect(readBy("network")).toEqual([]);
    expect(readBy("database")).toEqual(["network"]);
    expect(readBy("identity")).toEqual(["database"]);
    expect(readBy("application").sort()).toEqual(["database", "identity", "network"]);
  });

  test("no stack leaves the bounds of an environment whose binding is strict", () => {
    const foreign = environments
      .filter((name) => name !== environment)
      .flatMap((name) => [`waymark-${name}-state-222222222222`, `role/waymark/waymark-${name}-apply`]);
    const forbids = { providers: ["hashicorp/external", "hashicorp/http"], resources: ["aws_iam_user"] };
    for (const [name, { text }] of synthesized.get(environment) ?? [])
      refuseStack(name, parseStack(text, name), undefined, { foreign, aws: {}, forbids });
  });

  test("everything carries the environment's tag", () => {
    for (const [name, { providers }] of synthesized.get(environment) ?? []) {
      expect(Object.keys(providers)).toEqual(["aws"]);
      expect(providers.aws).toEqual([
        {
          region: "eu-central-1",
          default_tags: [{ tags: { "waymark:environment": environment, application: "shop", stack: name } }],
        },
      ]);
    }
    expect(stack(environment, "application").resource("aws_ecs_service")).toMatchObject({
      propagate_tags: "SERVICE",
      enable_ecs_managed_tags: true,
    });
  });

  test("the database is encrypted, takes only TLS, and can't be reached from outside", () => {
    const database = stack(environment, "database");
    expect(database.resource("aws_db_instance")).toMatchObject({
      engine: "postgres",
      storage_encrypted: true,
      publicly_accessible: false,
      manage_master_user_password: true,
      skip_final_snapshot: false,
      parameter_group_name: `shop-${environment}`,
      db_subnet_group_name: `shop-${environment}`,
    });
    expect(database.resource("aws_db_instance")).not.toHaveProperty("password");
    expect(database.resource("aws_db_parameter_group").parameter).toEqual([
      { name: "rds.force_ssl", value: "1" },
    ]);
    const { subnet_ids: subnets } = database.resource("aws_db_subnet_group");
    expect([subnets].flat()).toHaveLength(environment === "prod" ? 3 : 2);
    for (const subnet of [subnets].flat()) expect(subnet).toMatch(/closed_subnet/);
  });

  test("only the load balancer has public addresses, and no subnet gives one by itself", () => {
    const network = stack(environment, "network");
    const subnets = network.resources("aws_subnet");
    expect(subnets.filter(({ map_public_ip_on_launch }) => map_public_ip_on_launch !== false)).toEqual([]);
    const service = stack(environment, "application").resource("aws_ecs_service");
    const settings = z
      .object({ subnets: z.array(z.string()), assign_public_ip: z.boolean() })
      .parse(service.network_configuration);
    expect(settings.assign_public_ip).toBe(false);
    for (const subnet of settings.subnets) expect(subnet).toMatch(/private_subnet/);
  });

  test("what holds the data has no way out: its routes lead nowhere", () => {
    const tables = stack(environment, "network")
      .resources("aws_route")
      .map(({ route_table_id }) => route_table_id);
    expect(tables).not.toContainEqual(expect.stringMatching(/closed/));
    expect(tables).toContainEqual(expect.stringMatching(/private/));
  });

  test("people get in by TLS only", () => {
    const listeners = stack(environment, "application").resources("aws_lb_listener");
    expect(listeners.find(({ port }) => port === 443)).toMatchObject({
      protocol: "HTTPS",
      certificate_arn: variables.CERTIFICATE,
      ssl_policy: expect.stringMatching(/TLS13-1-2/),
    });
    expect(listeners.find(({ port }) => port === 80)).toMatchObject({
      default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
  });

  test("the image is the environment's own, named by its digest", () => {
    const application = stack(environment, "application");
    expect(application.resource("aws_ecs_task_definition").container_definitions).toContain(
      `"image" = "${variables.IMAGES}@${digest}"`,
    );
    expect(application.output("image")).toBe(digest);
    expect(application.output("url")).toBe("https://shop.example");
  });

  test("no ARN and no endpoint is spelled with a partition, apart from the admin's certificate", () => {
    for (const { text } of (synthesized.get(environment) ?? new Map<string, Stack>()).values()) {
      const spelled = text.match(/arn:aws[^"]*|[\w.-]*amazonaws[^"]*/g) ?? [];
      expect(spelled.filter((found) => found !== variables.CERTIFICATE)).toEqual([]);
    }
  });
});

describe("the firewall", () => {
  const groupOf = (value: unknown) => /^shop-(\w+)$/.exec(String(value))?.[1];
  const rules = (kind: "ingress" | "egress") =>
    stack("dev", "network")
      .resources(`aws_vpc_security_group_${kind}_rule`)
      .map((rule) => `${groupOf(rule.security_group_id)} ${peerOf(rule)} ${rule.from_port}-${rule.to_port}`)
      .sort();
  const peerOf = ({ cidr_ipv4, referenced_security_group_id }: Attributes) =>
    cidr_ipv4 ?? groupOf(referenced_security_group_id);

  test("lets in people at the load balancer, it at the service, the service at the database", () => {
    expect(rules("ingress")).toEqual([
      "balancer 0.0.0.0/0 443-443",
      "balancer 0.0.0.0/0 80-80",
      "database service 5432-5432",
      "service balancer 8080-8080",
    ]);
  });

  test("lets out the service to AWS, and the database to nobody", () => {
    expect(rules("egress")).toEqual([
      "balancer service 8080-8080",
      "service 0.0.0.0/0 443-443",
      "service database 5432-5432",
    ]);
  });
});

describe("the containers' roles", () => {
  const identity = () => stack("dev", "identity");
  const may = (role: "start" | "run", request: Request) =>
    allows(identity().statements(`${role}/document`), request);

  test("are bounded, below the application's path, and taken by this account's containers only", () => {
    for (const role of identity().resources("aws_iam_role")) {
      expect(role.path).toBe("/application/dev/");
      expect(role.permissions_boundary).toMatch(/:policy\/waymark\/waymark-dev-boundary$/);
    }
    const trust = identity().statements("run/trust");
    const request = { action: "sts:AssumeRole", principal: "ecs-tasks.amazonaws.com" };
    const account = trust[0]?.condition[0]?.values[0] ?? "";
    expect(allows(trust, { ...request, context: { "aws:SourceAccount": account } })).toBe(true);
    expect(allows(trust, { ...request, context: { "aws:SourceAccount": "999999999999" } })).toBe(false);
    expect(allows(trust, { ...request, principal: "ec2.amazonaws.com" })).toBe(false);
  });

  test("may do no more than it takes: no action but these, and hardly anything everywhere", () => {
    const statements = [...identity().statements("start/document"), ...identity().statements("run/document")];
    const everywhere = statements.filter(({ resources }) => resources.includes("*"));
    expect(everywhere.map(({ actions }) => actions)).toEqual([["ecr:GetAuthorizationToken"]]);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
    expect(identity().resources("aws_iam_role_policy_attachment")).toEqual([]);
  });

  test("fetch the environment's images and write its log; the code reads the one password", () => {
    const find = (role: "start" | "run", action: string) =>
      identity()
        .statements(`${role}/document`)
        .find(({ actions }) => actions.includes(action))?.resources ?? [];
    expect(find("start", "ecr:BatchGetImage")).toEqual([
      expect.stringMatching(/:ecr:eu-central-1:.*:repository\/dev\/acme\/shop$/),
    ]);
    expect(find("start", "logs:PutLogEvents")).toEqual([
      expect.stringMatching(/:log-group:\/application\/dev\/shop:\*$/),
    ]);
    expect(find("run", "secretsmanager:GetSecretValue")).toEqual([
      expect.stringMatching(/database.*master_user_secret.*secret_arn/),
    ]);
    expect(may("start", { action: "secretsmanager:GetSecretValue" })).toBe(false);
  });
});

test("larger environments are larger, and prod is hard to lose", () => {
  const sizes = (environment: Name) => {
    const database = stack(environment, "database").resource("aws_db_instance");
    const application = stack(environment, "application");
    return {
      network: stack(environment, "network").resource("aws_vpc").cidr_block,
      gateways: stack(environment, "network").resources("aws_nat_gateway").length,
      tasks: application.resource("aws_ecs_service").desired_count,
      instance: database.instance_class,
      standby: database.multi_az,
      backups: database.backup_retention_period,
      protected: [database.deletion_protection, application.resource("aws_lb").enable_deletion_protection],
      logs: application.resource("aws_cloudwatch_log_group").retention_in_days,
    };
  };
  expect(environments.map(sizes)).toEqual([
    {
      network: "10.10.0.0/16",
      gateways: 1,
      tasks: 1,
      instance: "db.t4g.micro",
      standby: false,
      backups: 1,
      protected: [false, false],
      logs: 7,
    },
    {
      network: "10.20.0.0/16",
      gateways: 1,
      tasks: 2,
      instance: "db.t4g.small",
      standby: false,
      backups: 7,
      protected: [false, false],
      logs: 30,
    },
    {
      network: "10.30.0.0/16",
      gateways: 3,
      tasks: 3,
      instance: "db.m7g.large",
      standby: true,
      backups: 30,
      protected: [true, true],
      logs: 365,
    },
  ]);
});

test.each([
  ["an unknown environment", { WAYMARK_ENVIRONMENT: "qa" }, "only for dev, staging, prod"],
  ["a prototype's property as an environment", { WAYMARK_ENVIRONMENT: "constructor" }, "no sizes for"],
  ["no region", { REGION: "" }, "environments.dev.variables.REGION"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax that is refused here
  ["an expression", { BOUNDARY: "${path.root}" }, "environments.dev.variables.BOUNDARY"],
])("%s is refused by name", async (_, difference, message) => {
  const given = { ...variables, WAYMARK_ENVIRONMENT: "dev", ...difference };
  await expect(shop.synth(given)).rejects.toThrow(message);
});

test.each([["latest"], [`${digest}\n`]])("an image that is no digest is refused: %j", async (image) => {
  const file = join(shop.directory, "release.json");
  const before = await readFile(file, "utf8");
  try {
    await writeFile(file, JSON.stringify({ image }));
    await expect(shop.synth({ ...variables, WAYMARK_ENVIRONMENT: "dev" })).rejects.toThrow("release.json");
  } finally {
    await writeFile(file, before);
  }
});

test("its types hold", async () => {
  await execa("tsc", ["-p", shop.directory], { preferLocal: true, localDir: join(source, "../../..") });
});

test.each(environments)("the policy of %s holds, and marks what is provisioned", async (environment) => {
  const text = await readFile(join(source, ".github/waymark.yml"), "utf8");
  expect(readPolicy(text, environment)).toMatchObject({
    policy: {
      outputs: ["url", "image"],
      stacks: { network: { kind: "provision" }, database: { kind: "provision" } },
    },
  });
});
