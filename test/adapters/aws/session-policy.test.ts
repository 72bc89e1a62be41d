import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sessionRequest } from "../../../adapters/aws/session-request.ts";
import { bindingSchema } from "../../../adapters/registry/schema.ts";
import { stackOf, synthesize } from "../../infra-core/aws/support/core.ts";
import { allows, type Request, type Statement } from "../../infra-core/aws/support/iam.ts";
import { boundaryOf, identityOf, maySession } from "../../infra-core/aws/support/roles.ts";

const list = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policySchema = z.object({
  Statement: z.array(
    z.strictObject({
      Effect: z.enum(["Allow", "Deny"]),
      Action: list,
      Resource: list.default([]),
      NotResource: list.default([]),
      Condition: z.record(z.string(), z.record(z.string(), list)).default({}),
    }),
  ),
});

/** A policy's JSON in the words of the evaluator. */
const statementsOf = (json: string | undefined): Statement[] =>
  policySchema.parse(JSON.parse(json ?? "")).Statement.map((statement, index) => ({
    sid: `Session${index}`,
    effect: statement.Effect,
    actions: statement.Action,
    not_actions: [],
    resources: statement.Resource,
    not_resources: statement.NotResource,
    condition: Object.entries(statement.Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([variable, values]) => ({ test: operator, variable, values })),
    ),
  }));

let session: readonly Statement[];
let artifacts: readonly Statement[];
let role: readonly Statement[];
let boundary: readonly Statement[];
beforeAll(async () => {
  const dev = stackOf(await synthesize(), "environment-dev");
  const [binding] = z.array(bindingSchema).parse(dev.output("bindings"));
  if (binding?.aws === undefined) throw new Error("there is no binding on AWS");
  const owner = { binding, access: binding.aws, repository: "acme/Shop", deployment: "7" };
  session = statementsOf(sessionRequest(owner, "apply", 60).Policy);
  artifacts = statementsOf(sessionRequest(owner, "artifacts", 60).Policy);
  role = identityOf(dev, "apply");
  boundary = boundaryOf(dev);
});

/** As IAM intersects a session's policy with its role's and the boundary. */
const may = (request: Request): boolean => allows(session, request) && maySession(role, boundary, request);

const bucket = (purpose: string) => `arn:aws:s3:::waymark-dev-${purpose}-222222222222`;
const made = { "aws:RequestTag/waymark:environment": "dev" };

test.each<[string, Request]>([
  [
    "writes its repository's state",
    { action: "s3:PutObject", resource: `${bucket("state")}/acme/Shop/a.tfstate` },
  ],
  ["takes its lock away", { action: "s3:DeleteObject", resource: `${bucket("state")}/acme/Shop/a.tflock` }],
  ["reads its bundles", { action: "s3:GetObject", resource: `${bucket("files")}/acme/Shop/bundles/1` }],
  [
    "looks for workspaces",
    { action: "s3:ListBucket", resource: bucket("state"), context: { "s3:prefix": "env:/" } },
  ],
  ["makes a network", { action: "ec2:CreateVpc", context: made }],
  ["makes a database", { action: "rds:CreateDBInstance", context: made }],
  ["looks at the application", { action: "ecs:DescribeServices" }],
])("a session still %s", (_, request) => {
  expect(may(request)).toBe(true);
});

test("a session may use buckets of the application's own, if its role may", () => {
  const request = { action: "s3:PutObject", resource: "arn:aws:s3:::shop-images/acme/site/1.png" };
  expect(allows(session, request)).toBe(true);
});

// Whatever the role says: an admin may have given it `s3:*`.
test.each<[string, Request]>([
  [
    "another repository's state",
    { action: "s3:GetObject", resource: `${bucket("state")}/acme/site/a.tfstate` },
  ],
  [
    "a state whose name only begins alike",
    { action: "s3:GetObject", resource: `${bucket("state")}/acme/Shop-2/a` },
  ],
  ["another repository's bundles", { action: "s3:PutObject", resource: `${bucket("files")}/acme/site/1` }],
  ["a state of no repository", { action: "s3:DeleteObject", resource: `${bucket("state")}/a.tfstate` }],
  [
    "the list of another's states",
    { action: "s3:ListBucket", resource: bucket("state"), context: { "s3:prefix": "acme/site/" } },
  ],
  ["the list of all", { action: "s3:ListBucketVersions", resource: bucket("state") }],
])("a session never reaches %s", (_, request) => {
  expect(allows(session, request)).toBe(false);
});

test.each(["s3:PutObject", "s3:GetObject"])("a session that stores bundles and logs has %s", (action) => {
  const request = { action, resource: `${bucket("files")}/acme/Shop/bundles/1.json` };
  expect(allows(artifacts, request) && maySession(role, boundary, request)).toBe(true);
});

test.each<[string, Request]>([
  ["a state", { action: "s3:GetObject", resource: `${bucket("state")}/acme/Shop/a.tfstate` }],
  ["another repository's bundles", { action: "s3:PutObject", resource: `${bucket("files")}/acme/site/1` }],
  ["the application", { action: "ec2:CreateVpc", context: made }],
  ["to remove one", { action: "s3:DeleteObject", resource: `${bucket("files")}/acme/Shop/bundles/1` }],
])("it has not %s", (_, request) => {
  expect(allows(artifacts, request)).toBe(false);
});
