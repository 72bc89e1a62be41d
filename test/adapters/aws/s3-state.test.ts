import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { assumeRole } from "../../../adapters/aws/assume-role.ts";
import { type AwsKeys, keysEnvironment, secretsOf } from "../../../adapters/aws/keys.ts";
import { backendFor } from "../../../adapters/synth/backend-block.ts";
import { findTerraform } from "../../../adapters/terraform/find.ts";
import { type Installation, install, ownerIn } from "../../infra-core/aws/support/installation.ts";
import { freshDirectory } from "../../support/directory.ts";
import { type Moto, startMoto } from "../../support/moto.ts";

let moto: Moto;
let installation: Installation;
let terraform: string;
beforeAll(async () => {
  moto = await startMoto();
  installation = await install(moto);
  terraform = await findTerraform(process.env);
  await moto.authorize(true);
});
afterAll(() => moto.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(installation.service)) vi.stubEnv(name, value);
});
afterEach(() => void vi.unstubAllEnvs());

const takeKeys = (phase: "plan" | "apply") => assumeRole(ownerIn(installation, "dev"), phase, 60);

/** A working directory whose stack keeps its state in dev's bucket; its resources run this command. */
async function workingDirectory(stack: string, command = "true"): Promise<string> {
  const directory = await freshDirectory();
  const { type, config } = backendFor(ownerIn(installation, "dev").binding, 1001, stack);
  const provisioner = [{ "local-exec": { command } }];
  const resource = { terraform_data: { thing: { input: command, provisioner } } };
  const json = JSON.stringify({ terraform: { backend: { [type]: config } }, resource });
  await writeFile(path.join(directory, "cdk.tf.json"), json);
  return directory;
}

const plainly = {
  PATH: process.env.PATH ?? "",
  TF_INPUT: "0",
  TF_IN_AUTOMATION: "1",
  TF_CLI_ARGS: "-no-color",
};

/** Runs Terraform with nothing but a session's keys. */
const run = (directory: string, keys: AwsKeys, command: string, ...args: readonly string[]) =>
  execa(terraform, [command, ...args], {
    cwd: directory,
    env: { ...plainly, HOME: directory, ...keysEnvironment(keys, moto.variables) },
    extendEnv: false,
    reject: false,
    all: true,
  });

const succeed = async (...args: Parameters<typeof run>) => {
  const { exitCode, all } = await run(...args);
  expect([exitCode, all]).toEqual([0, expect.anything()]);
};

test("a plan is made with keys that only look, and applied with others; neither lies in any file", async () => {
  const directory = await workingDirectory("planned");
  const [plan, apply] = [await takeKeys("plan"), await takeKeys("apply")];
  await succeed(directory, plan, "init");
  expect((await run(directory, plan, "plan")).all).toContain("Error acquiring the state lock");
  await succeed(directory, plan, "plan", "-lock=false", "-out=saved");
  expect((await run(directory, plan, "apply", "saved")).all).toMatch(/Access ?Denied/);
  await succeed(directory, apply, "apply", "saved");

  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(2);
  for (const { parentPath, name } of files) {
    const content = await readFile(path.join(parentPath, name), "latin1");
    for (const secret of [plan, apply].flatMap(secretsOf)) expect(content).not.toContain(secret);
  }
});

/** A command that says that it has begun, and waits to be released. */
async function waiting() {
  const marks = await freshDirectory();
  const [begun, go] = [path.join(marks, "begun"), path.join(marks, "go")];
  return {
    command: `touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done`,
    begun: () => vi.waitUntil(() => existsSync(begun), { timeout: 25_000, interval: 5 }),
    release: () => writeFile(go, ""),
  };
}

test("of two applies on one state one waits, and then succeeds", async () => {
  const { command, begun, release } = await waiting();
  const [first, second] = [await workingDirectory("shared", command), await workingDirectory("shared")];
  const keys = await takeKeys("apply");
  for (const directory of [first, second]) await succeed(directory, keys, "init");
  const holding = run(first, keys, "apply", "-auto-approve");
  await begun();
  const refused = await run(second, keys, "apply", "-auto-approve");
  expect([refused.exitCode, refused.all]).toEqual([1, expect.stringContaining("acquiring the state lock")]);
  const patient = run(second, keys, "apply", "-auto-approve", "-lock-timeout=60s");
  // Terraform gives up when a lock goes just while it asks whose it is: first it must be waiting.
  let said = "";
  patient.all.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  await vi.waitUntil(() => said.includes("Acquiring state lock"), { timeout: 25_000, interval: 5 });
  await release();
  expect([(await holding).exitCode, (await patient).exitCode]).toEqual([0, 0]);
});

test("an apply whose keys end in its middle leaves its state and its lock, and loses neither", async () => {
  const { command, begun, release } = await waiting();
  const directory = await workingDirectory("expired", command);
  const keys = await takeKeys("apply");
  await succeed(directory, keys, "init");
  const apply = run(directory, keys, "apply", "-auto-approve");
  await begun();
  await moto.endSessions();
  await release();
  expect((await apply).all).toMatch(/Error releasing the state lock|Failed to save state/);
  const left = path.join(directory, "errored.tfstate");
  expect(await readFile(left, "utf8")).toContain('"thing"');

  const fresh = await takeKeys("apply");
  const { all } = await run(directory, fresh, "state", "push", left);
  const lock = /ID: +([0-9a-f-]{36})/.exec(all)?.[1];
  expect([all.includes("state lock"), lock]).toEqual([true, expect.any(String)]);
  await succeed(directory, fresh, "force-unlock", "-force", lock ?? "");
  await succeed(directory, fresh, "state", "push", left);
  await succeed(directory, fresh, "plan", "-lock=false", "-detailed-exitcode");
});

test("a state that was overwritten is restored from the bucket's versions", async () => {
  const directory = await workingDirectory("restored");
  const keys = await takeKeys("apply");
  await succeed(directory, keys, "init");
  await succeed(directory, keys, "apply", "-auto-approve");
  await moto.authorize(false);
  try {
    const s3 = new S3Client({ endpoint: moto.url, region: keys.region, credentials: keys });
    const state = { Bucket: "waymark-dev-state-123456789012", Key: "acme/Shop/restored.tfstate" };
    await s3.send(new PutObjectCommand({ ...state, Body: "overwritten" }));
    expect((await run(directory, keys, "plan", "-lock=false")).exitCode).toBe(1);

    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key }),
    );
    const before = Versions.find(({ IsLatest }) => !IsLatest)?.VersionId;
    const { Body } = await s3.send(new GetObjectCommand({ ...state, VersionId: before }));
    await s3.send(new PutObjectCommand({ ...state, Body: (await Body?.transformToString()) ?? "" }));
    expect((await run(directory, keys, "plan", "-lock=false", "-detailed-exitcode")).exitCode).toBe(0);
  } finally {
    await moto.authorize(true);
  }
});
