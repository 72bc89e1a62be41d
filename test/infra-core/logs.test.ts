import { writeFile } from "node:fs/promises";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { logsPrefix } from "../../adapters/aws/log-keys.ts";
import { findTerraform } from "../../adapters/terraform/find.ts";
import { writeRegistry } from "../../infra-core/registry/write.ts";
import { runDirectory } from "../../jobs/phases/run-directory.ts";
import { compile } from "../support/compile.ts";
import { freshDirectory } from "../support/directory.ts";
import { type Moto, startMoto } from "../support/moto.ts";
import { type Installation, install, oneAccount } from "./aws/support/installation.ts";

const root = path.join(import.meta.dirname, "../..");

let moto: Moto;
let installation: Installation;
let home: string;
beforeAll(async () => {
  moto = await startMoto();
  installation = await install(moto);
  home = await freshDirectory();
  const config = {
    version: 1,
    target: "aws",
    github: { appId: 4711 },
    registry: path.join(home, "registry.json"),
    ...oneAccount,
  };
  await writeFile(path.join(home, "core.yml"), stringify(config));
  await writeRegistry(JSON.stringify(installation.registry), path.join(home, "registry.json"));
  await moto.authorize(true);
});
afterAll(() => moto.close());

/** Runs the command as this user of AWS does. */
async function logs(words: readonly string[], identity: Readonly<Record<string, string>>, directory = home) {
  const args = [await compile("infra-core/cli.ts"), "logs", ...words];
  const base = { PATH: process.env.PATH ?? "", WAYMARK_TERRAFORM: await findTerraform(process.env) };
  const config = ["--config", path.join(directory, "core.yml")];
  const env = { ...base, ...identity };
  return await execa("node", [...args, ...config], { cwd: root, env, extendEnv: false, reject: false });
}

/** Leaves logs of an attempt, as a deployment does. */
async function leaveLogs(environment: string, attempt: string, texts: Readonly<Record<string, string>>) {
  const binding = installation.registry.bindings.find((one) => one.environment === environment);
  if (binding?.artifacts.type !== "s3") throw new Error("its artifacts are not in S3");
  const { bucket: Bucket, prefix, region } = binding.artifacts;
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = installation.administrator;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const s3 = new S3Client({ endpoint: moto.url, region, credentials });
  for (const [name, Body] of Object.entries(texts))
    await s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}/${logsPrefix(attempt)}${name}`, Body }));
}

test("links open the logs of one attempt, without an identity, for a quarter of an hour at most", async () => {
  await leaveLogs("dev", "linked", { "synth.log": "synthesized", "network/plan-2.jsonl": "planned" });
  await leaveLogs("dev", "linked-not", { "synth.log": "another's" });
  const { stdout } = await logs(["acme/shop", "dev", "linked"], installation.administrator);
  expect(stdout).toMatch(/^Each link opens its log for 15 minutes/);
  const urls = stdout.split("\n").filter((line) => line.startsWith("http"));
  expect(urls).toHaveLength(2);
  // moto can't tell who signed a link.
  await moto.authorize(false);
  const answers = urls.map(async (url) => (await fetch(url)).text());
  expect((await Promise.all(answers)).sort()).toEqual(["planned", "synthesized"]);
  await moto.authorize(true);
  for (const url of urls)
    expect(Number(new URL(url).searchParams.get("X-Amz-Expires"))).toBeLessThanOrEqual(900);
});

test("without an attempt the newest are named", async () => {
  await leaveLogs("prod", "first", { "synth.log": "one" });
  await leaveLogs("prod", "second", { "synth.log": "two" });
  const { stdout } = await logs(["acme/Shop", "prod"], installation.administrator);
  expect(
    stdout
      .split("\n")
      .map((line) => line.split("  ")[1])
      .sort(),
  ).toEqual(["first", "second"]);
});

test.each([
  [["acme/Shop", "dev", "unheard-of"], "logs-missing"],
  [["acme/Shop", "dev", "../../site"], "logs-missing"],
  [["acme/Shop", "staging"], "environment-unknown"],
  [["acme/site", "dev"], "environment-unknown"],
])("%j: %s", async (words, code) => {
  const { stderr, exitCode } = await logs(words, installation.administrator);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${code}: `)]);
});

test("who may not read them gets no links", async () => {
  const { stderr, stdout, exitCode } = await logs(["acme/Shop", "dev", "linked"], installation.service);
  expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining("store-refused: ")]);
});

test("logs that are on the workers' machine are shown the way to", async () => {
  const directory = await freshDirectory();
  const repositories = [{ id: 7, fullName: "acme/shop" }];
  await writeFile(path.join(directory, "core.yml"), stringify({ version: 1, home: "home", repositories }));
  const place = (name: string) => ({ type: "local", directory: path.join(directory, name) });
  const binding = { repositoryId: 7, environment: "dev", backend: place("state"), artifacts: place("files") };
  const environments = [{ name: "dev", branch: "dev" }];
  const registry = { version: 1, environments, repositories, bindings: [binding] };
  await writeRegistry(JSON.stringify(registry), path.join(directory, "home/core/registry.json"));
  const worker = path.join(directory, "worker");
  const { stdout } = await logs(["acme/shop", "dev", "one"], { WAYMARK_HOME: worker }, directory);
  expect(stdout).toContain(runDirectory(worker, 7, "dev", "one"));
});
