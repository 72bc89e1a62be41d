import { beforeAll, describe, expect, test } from "vitest";
import type { Stack } from "../../../demo/aws/core/stack.ts";
import { accounts, stackOf, synthesize } from "./support/core.ts";
import { allows, type Request } from "./support/iam.ts";

let stacks: ReadonlyMap<string, Stack>;
let dev: Stack;
let staging: Stack;
beforeAll(async () => {
  stacks = await synthesize();
  dev = stackOf(stacks, "environment-dev");
  staging = stackOf(stacks, "environment-staging");
});

const shop = "delivery-1001";
const site = "delivery-1002";
const pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];

describe("an image repository", () => {
  test("keeps every image and every tag as it was pushed, and looks for known holes", () => {
    expect(dev.resource("aws_ecr_repository", shop)).toEqual({
      name: "dev/acme/shop",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "KMS" }],
      force_delete: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(dev.resources("aws_ecr_lifecycle_policy")).toEqual([]);
  });

  test("lets the next environment's push role copy, and nobody else of that account", () => {
    const policy = dev.statements(`${shop}/images`);
    const principal = `arn:aws:iam::${accounts.shared}:root`;
    const may = (action: string, role: string) =>
      allows(policy, {
        action,
        principal,
        context: { "aws:PrincipalArn": `arn:aws:iam::${accounts.shared}:role/waymark/${role}` },
      });
    expect(pull.map((action) => may(action, "waymark-staging-push-1001"))).toEqual([true, true, true]);
    expect(may("ecr:BatchGetImage", "waymark-staging-push-1002")).toBe(false);
    expect(may("ecr:BatchGetImage", "waymark-staging-apply")).toBe(false);
    expect(may("ecr:PutImage", "waymark-staging-push-1001")).toBe(false);
  });

  test("after which no environment comes has no policy at all", () => {
    expect(stackOf(stacks, "environment-prod").resources("aws_ecr_repository_policy")).toEqual([]);
  });
});

describe("a push role", () => {
  const provider = /account-222222222222\.outputs\.[\w-]*openid_connect_provider/;
  const issuer = "token.actions.githubusercontent.com";
  const token = {
    [`${issuer}:aud`]: "sts.amazonaws.com",
    [`${issuer}:sub`]: "repo:acme/Shop:environment:dev",
  };
  const isTaken = (context: Request["context"]) => {
    const trust = dev.statements(`${shop}/push/trust`);
    const [principal] = trust.flatMap(({ principals = [] }) => principals);
    expect(principal?.type).toBe("Federated");
    expect(principal?.identifiers).toEqual([expect.stringMatching(provider)]);
    return allows(trust, {
      action: "sts:AssumeRoleWithWebIdentity",
      principal: principal?.identifiers[0] ?? "",
      context: context ?? {},
    });
  };

  test("is taken with GitHub's word that this repository runs a job in this environment", () => {
    expect(isTaken(token)).toBe(true);
  });

  test.each([
    ["another repository", { [`${issuer}:sub`]: "repo:acme/site:environment:dev" }],
    ["another environment", { [`${issuer}:sub`]: "repo:acme/Shop:environment:prod" }],
    ["a branch", { [`${issuer}:sub`]: "repo:acme/Shop:ref:refs/heads/dev" }],
    ["a pull request", { [`${issuer}:sub`]: "repo:acme/Shop:pull_request" }],
    ["a longer name", { [`${issuer}:sub`]: "repo:acme/Shop:environment:dev2" }],
    ["another audience", { [`${issuer}:aud`]: "https://github.com/acme" }],
  ])("is refused to %s", (_, difference) => {
    expect(isTaken({ ...token, ...difference })).toBe(false);
  });

  test("pushes to its own images only, and removes none", () => {
    const policy = dev.statements(`${shop}/push/document`);
    const may = (action: string, name: string) =>
      allows(policy, { action, resource: `arn:aws:ecr:eu-central-1:${accounts.shared}:repository/${name}` });
    const push = [
      "ecr:InitiateLayerUpload",
      "ecr:UploadLayerPart",
      "ecr:CompleteLayerUpload",
      "ecr:PutImage",
    ];
    expect([...pull, ...push].every((action) => may(action, "dev/acme/shop"))).toBe(true);
    expect([...pull, ...push].some((action) => may(action, "dev/acme/site"))).toBe(false);
    expect(may("ecr:BatchDeleteImage", "dev/acme/shop")).toBe(false);
    expect(allows(policy, { action: "ecr:GetAuthorizationToken" })).toBe(true);
    expect(allows(policy, { action: "s3:GetObject" })).toBe(false);
  });

  test("copies from the environment before, and can't push there", () => {
    const copy = staging.statements(`${shop}/push/document`).find(({ sid }) => sid === "Copy");
    expect(copy?.actions).toEqual(expect.arrayContaining(pull));
    expect(copy?.actions).not.toContain("ecr:PutImage");
    expect(copy?.resources).toEqual([expect.stringMatching(/environment-dev\.outputs\..*1001_images.*arn/)]);
    expect(dev.statements(`${shop}/push/document`).map(({ sid }) => sid)).not.toContain("Copy");
  });

  test("is bounded, and not for long", () => {
    expect(dev.resource("aws_iam_role", `${site}/push`)).toMatchObject({
      name: "waymark-dev-push-1002",
      path: "/waymark/",
      permissions_boundary: `arn:aws:iam::${accounts.shared}:policy/waymark/waymark-dev-boundary`,
      max_session_duration: 3_600,
    });
  });
});

describe("GitHub's environment", () => {
  const inShop = { provider: "github.owner-acme", repository: "Shop" };

  test("is open to the environment's branch alone, and admins don't step over that", () => {
    expect(staging.resource("github_repository_environment", shop)).toEqual({
      ...inShop,
      environment: "staging",
      can_admins_bypass: false,
      deployment_branch_policy: [{ protected_branches: false, custom_branch_policies: true }],
    });
    expect(staging.resource("github_repository_environment_deployment_policy", shop)).toEqual({
      ...inShop,
      environment: "staging",
      branch_pattern: "main",
    });
  });

  test("without a branch is open to none", async () => {
    const place = { account: accounts.shared, region: "eu-central-1" };
    const environments = [{ name: "experiment", ...place }];
    const experiment = stackOf(await synthesize({ environments }), "environment-experiment");
    expect(experiment.resources("github_repository_environment")).toHaveLength(2);
    expect(experiment.resources("github_repository_environment_deployment_policy")).toEqual([]);
  });

  test("tells workflows where to push, and no secret", () => {
    const variables = (stack: Stack) =>
      Object.fromEntries(
        stack
          .resources("github_actions_environment_variable", shop)
          .map(({ variable_name, value }) => [variable_name, value]),
      );
    expect(variables(dev)).toEqual({
      AWS_REGION: "eu-central-1",
      AWS_PUSH_ROLE: `arn:aws:iam::${accounts.shared}:role/waymark/waymark-dev-push-1001`,
      IMAGE_REPOSITORY: "dev/acme/shop",
    });
    expect(variables(staging)).toMatchObject({
      SOURCE_IMAGE_REPOSITORY: expect.stringMatching(/environment-dev\.outputs\..*repository_url/),
    });
    expect(dev.text).not.toMatch(/"github_\w*secret/);
  });

  test("belongs to a provider per owner, which holds no credentials", async () => {
    expect(dev.providers.github).toEqual([{ alias: "owner-acme", owner: "acme" }]);
    const repositories = [
      { id: 1, fullName: "acme/shop" },
      { id: 2, fullName: "0ther/site" },
    ];
    const stack = stackOf(await synthesize({ repositories }), "environment-dev");
    expect(stack.providers.github?.map(({ owner }) => owner)).toEqual(["acme", "0ther"]);
    const owners = stack.resources("github_repository_ruleset").map(({ provider }) => provider);
    expect(owners).toEqual(["github.owner-acme", "github.owner-0ther"]);
  });

  test("takes a branch's name as a name, not as an expression", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: git allows this name
    const branch = "release/${terraform.workspace}";
    const environments = [{ name: "dev", branch, account: accounts.shared, region: "eu-central-1" }];
    const stack = stackOf(await synthesize({ environments }), "environment-dev");
    const rule = stack.resource("github_repository_environment_deployment_policy", shop);
    expect(rule.branch_pattern).toBe("release/$${terraform.workspace}");
  });
});

test("only the App writes an environment's records and its journal", () => {
  expect(dev.resource("github_repository_ruleset", shop)).toEqual({
    provider: "github.owner-acme",
    repository: "Shop",
    name: "Waymark's records of dev",
    target: "tag",
    enforcement: "active",
    conditions: [
      {
        ref_name: [{ include: ["refs/tags/deploy/dev/[0-9]*", "refs/tags/deploy/dev/attempt"], exclude: [] }],
      },
    ],
    bypass_actors: [{ actor_id: 4711, actor_type: "Integration", bypass_mode: "always" }],
    rules: [{ creation: true, update: true, deletion: true }],
  });
});
