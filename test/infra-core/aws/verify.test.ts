import { writeFile } from "node:fs/promises";
import path from "node:path";
import { IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeletePublicAccessBlockCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeRegistry } from "../../../infra-core/registry/write.ts";
import { loadAwsCoreConfig } from "../../../infra-core/targets/aws/config.ts";
import { awsCore } from "../../../infra-core/targets/aws/core.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type Moto, startMoto } from "../../support/moto.ts";
import { askSts, startProxy } from "../../support/proxy.ts";
import { carelessProxy } from "./support/careless-proxy.ts";
import { install, oneAccount } from "./support/installation.ts";

let moto: Moto;
let home: string;
beforeEach(async () => {
  moto = await startMoto();
  const { registry, administrator } = await install(moto);
  home = await freshDirectory();
  const rest = { version: 1, target: "aws", github: { appId: 4711 } };
  await writeFile(path.join(home, "core.yml"), JSON.stringify({ ...rest, ...oneAccount }));
  await writeRegistry(JSON.stringify(registry), path.join(home, "registry.json"));
  await moto.authorize(true);
  for (const [name, value] of Object.entries(administrator)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await moto.close();
});

/** What is wrong. */
async function failures(): Promise<string[]> {
  const core = awsCore({
    config: await loadAwsCoreConfig(path.join(home, "core.yml")),
    directory: home,
    synthesize: () => Promise.reject(new Error("verify synthesizes nothing")),
    tools: {
      terraform: "none",
      approve: async () => false,
      report: () => undefined,
      signal: new AbortController().signal,
    },
  });
  const findings = await core.verify();
  expect(findings).toHaveLength(24);
  return findings.filter(({ ok }) => !ok).map(({ text }) => text);
}

const state = "waymark-dev-state-123456789012";
const artifacts = "waymark-dev-files-123456789012";

async function addPolicy(RoleName: string, statement: object): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await new IAMClient().send(new PutRolePolicyCommand({ RoleName, PolicyName: "extra", PolicyDocument }));
}

test("an installation that is as it should be is proven, and that leaves one small object behind", async () => {
  for (let times = 1; times <= 2; times += 1) expect(await failures()).toEqual([]);
  const { Contents = [] } = await new S3Client().send(new ListObjectsV2Command({ Bucket: artifacts }));
  expect(Contents.map(({ Key, Size }) => [Key, Size])).toEqual([["acme/Shop/verify/probe", 36]]);
});

test("a bucket that is not as it should be is named, with what is wrong", async () => {
  const s3 = new S3Client();
  const VersioningConfiguration = { Status: "Suspended" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: state, VersioningConfiguration }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: state }));
  const plain = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } } as const;
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: state,
      ServerSideEncryptionConfiguration: { Rules: [plain] },
    }),
  );
  expect(await failures()).toEqual([
    expect.stringContaining(`${state} keeps what was overwritten (Error: versioning is Suspended)`),
    expect.stringContaining(`${state} encrypts with its own key (Error: it is AES256 with no key)`),
    expect.stringContaining(`${state} can't be made public`),
  ]);
});

test("a store that ignores the lock's condition is found out", async () => {
  await using careless = await carelessProxy(moto.url);
  vi.stubEnv("AWS_ENDPOINT_URL", careless.url);
  expect(await failures()).toEqual([
    "dev of acme/Shop: of several who take one lock at once, one gets it (Error: 5 of 5 got the same lock)",
    "prod of acme/Shop: of several who take one lock at once, one gets it (Error: 5 of 5 got the same lock)",
  ]);
});

test("a role that can't store bundles and logs is found out", async () => {
  const nothing = { Effect: "Deny", Action: "s3:PutObject", Resource: `arn:aws:s3:::${artifacts}/*` };
  await addPolicy("waymark-dev-apply", nothing);
  expect(await failures()).toEqual([
    expect.stringMatching(
      /^dev of acme\/Shop: the keys for bundles and logs store .* \(WaymarkError: .*AccessDenied/,
    ),
  ]);
});

test("bundles and logs are stored in the session that deployments take for them", async () => {
  await using refusing = await startProxy(moto.url, async (asked, answer) => {
    const taken = await askSts(moto.url, asked);
    if (!taken) return false;
    const isRefused = taken.session === "waymark-dev-verify-artifacts";
    answer.writeHead(isRefused ? 403 : taken.status, { "content-type": "text/xml" });
    answer.end(isRefused ? accessDenied : taken.xml);
    return true;
  });
  vi.stubEnv("AWS_ENDPOINT_URL", refusing.url);
  expect(await failures()).toEqual([
    expect.stringMatching(/^dev of acme\/Shop: the keys for bundles and logs .*does not let the worker take/),
  ]);
});

test("a store that gives back something else is found out", async () => {
  await using forger = await startProxy(moto.url, ({ method, url = "" }, answer) => {
    const isProbe = method === "GET" && url.includes(`${artifacts}/acme/Shop/verify/probe`);
    if (isProbe) answer.end("something else");
    return isProbe;
  });
  vi.stubEnv("AWS_ENDPOINT_URL", forger.url);
  expect(await failures()).toEqual([
    expect.stringContaining(
      "dev of acme/Shop: the keys for bundles and logs store an object and read it again (Error: what was stored",
    ),
  ]);
});

test("a role that reaches another environment's states is found out", async () => {
  await addPolicy("waymark-dev-apply", { Effect: "Allow", Action: "s3:*", Resource: "*" });
  expect(await failures()).toEqual([
    expect.stringContaining(
      "dev of acme/Shop: its keys are refused on prod's states (Error: S3 answers NoSuchKey",
    ),
  ]);
});

test("a role that the service is not given is named", async () => {
  const iam = new IAMClient();
  const RoleName = "waymark-prod-plan";
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: nobody }));
  expect(await failures()).toEqual([
    expect.stringMatching(
      /^prod of acme\/Shop: the service takes the plan role \(WaymarkError: .*AccessDenied/,
    ),
  ]);
});

const accessDenied =
  "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";

const nobody = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: ["nobody"] } }],
});
