import { describe, expect, test } from "vitest";
import type { Forbids } from "../../../../adapters/registry/forbids.ts";
import { boundsOf } from "../../../../adapters/synth/refusals/bounds.ts";
import { refuseStack } from "../../../../adapters/synth/refusals/stack.ts";
import { parseStack } from "../../../../adapters/synth/stack-json.ts";

const stack = (json: object) => parseStack(JSON.stringify({ terraform: {}, ...json }), "web");
const made = (path: string, block: object) => ({ ...block, "//": { metadata: { path, uniqueId: "x" } } });
const deployer = "arn:aws:iam::222222222222:role/deployer";

describe("a place of another environment", () => {
  const bounds = boundsOf({}, ["acme-prod"]);

  test("is told with stack, address and construct", () => {
    const bucket = made("web/logs/bucket", { source: "acme-prod" });
    const json = stack({ resource: { aws_s3_object: { one: {}, logs: bucket } } });
    expect(() => refuseStack("web", json, undefined, bounds)).toThrow(
      expect.objectContaining({
        code: "foreign-place",
        source: "user",
        message:
          "Stack web holds aws_s3_object.logs (construct web/logs/bucket), which names a place of another environment or repository: acme-prod.",
      }),
    );
  });

  test.each([
    ["data.http.x", { data: { http: { x: { url: "acme-prod" } } } }],
    ["provider.aws.west", { provider: { aws: [{}, { alias: "west", region: "acme-prod" }] } }],
    ["module.m", { module: { m: { source: "acme-prod" } } }],
    ["local.x", { locals: { x: "acme-prod" } }],
    ["var.x", { variable: { x: { default: "acme-prod" } } }],
    ["output.x", { output: { x: { value: "acme-prod" } } }],
    ["removed", { removed: [{ from: "acme-prod" }] }],
    ["cdk.tf.json", { "acme-prod": {} }],
  ])("is found in %s", (address, json) => {
    expect(() => refuseStack("web", stack(json), undefined, bounds)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`holds ${address}, which`) }),
    );
  });

  test("may be what the app's own backend named, since that is gone", () => {
    const original = { type: "s3", config: { bucket: "acme-prod" } };
    expect(() => refuseStack("web", stack({}), original, bounds)).not.toThrow();
  });
});

describe("where the environment has access to AWS, a provider", () => {
  const judge = (json: object, assumable?: string[]) =>
    refuseStack("web", stack(json), undefined, { foreign: [], aws: { assumable }, forbids: undefined });

  test.each<[string, object]>([
    ["its region and tags", { aws: [{ region: "eu-central-1", default_tags: [{ tags: { token: "x" } }] }] }],
    ["an alias", { aws: [{}, { alias: "west", region: "us-west-2" }] }],
    [
      "addresses that it talks to",
      { aws: [{ endpoints: [{ s3: "https://x" }], skip_region_validation: true }] },
    ],
    ["nothing in place of a role", { aws: [{ assume_role: null }] }],
    ["another cloud's token", { digitalocean: [{ token: "x" }] }],
  ])("may set %s", (_, provider) => {
    expect(() => judge({ provider })).not.toThrow();
  });

  test("takes the roles that the binding lists, one after the other, and no other", () => {
    const taking = (...roles: string[]) => ({
      provider: { aws: [{ assume_role: roles.map((role_arn) => ({ role_arn, session_name: "x" })) }] },
    });
    expect(() => judge(taking(deployer, deployer), [deployer])).not.toThrow();
    expect(() => judge(taking(deployer, `${deployer}-2`), [deployer])).toThrow("sets assume_role");
    expect(() => judge(taking(deployer))).toThrow(expect.objectContaining({ code: "foreign-identity" }));
  });

  test("is nobody's affair where the environment has none", () => {
    const json = stack({ provider: { aws: [{ profile: "mine" }] } });
    expect(() => refuseStack("web", json, undefined, boundsOf({}, []))).not.toThrow();
    expect(() => judge({ provider: { aws: [{ profile: "mine" }] } })).toThrow("sets profile");
  });
});

describe("what the binding forbids", () => {
  const judge = (json: object, forbids: Forbids) =>
    refuseStack("web", stack(json), { type: "gcs", config: {} }, boundsOf({ forbids }, []));

  test.each<[string, Forbids, string]>([
    [
      "a provider",
      { providers: ["hashicorp/http"] },
      "terraform.required_providers.web, and this environment",
    ],
    ["a provider's data source", { providers: ["hashicorp/external"] }, "data.external.x (construct web/x)"],
    ["a data source", { dataSources: ["external"] }, "data.external.x (construct web/x)"],
    ["a resource", { resources: ["aws_iam_user"] }, "aws_iam_user.root"],
    ["a backend", { backends: ["gcs"] }, "terraform.backend.gcs"],
    ["the provider of what Terraform has built in", { providers: ["builtin/terraform"] }, "terraform_data.y"],
  ])("is told by its address: %s", (_, forbids, place) => {
    const json = {
      terraform: { required_providers: { web: { source: "hashicorp/http", version: "3.4.5" } } },
      data: { external: { x: made("web/x", { program: ["id"] }) } },
      resource: { aws_iam_user: { root: {} }, terraform_data: { y: {} } },
    };
    expect(() => judge(json, forbids)).toThrow(
      expect.objectContaining({ code: "forbidden-by-binding", message: expect.stringContaining(place) }),
    );
    expect(() => judge(json, {})).not.toThrow();
  });

  test("is not what only looks alike", () => {
    const json = {
      terraform: { required_providers: { http: { source: "acme/http" }, aws: "~> 5.0" } },
      data: { http: { x: {} }, external_id: { x: {} } },
      resource: { external: { x: {} } },
    };
    const forbids = {
      providers: ["hashicorp/http", "mirror.example/acme/http"],
      dataSources: ["external"],
      resources: ["external_id"],
    };
    expect(() => judge(json, forbids)).not.toThrow();
  });
});
